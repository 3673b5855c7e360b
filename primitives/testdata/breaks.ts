// Stops at locks: one is taken while another is held, one is waited for too long, by a task and by a blocked thread.
// A debugger in another thread says where the program stands each time, and lets it go on.
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { go, Mutex, sleep } from "@lockscope/sync";
import { SharedMutex } from "@lockscope/sync/shared";
import { startThread } from "./start-thread.js";

const debuggerThread = `
  const { Session } = require("node:inspector");
  const { parentPort } = require("node:worker_threads");
  const session = new Session();
  session.connectToMainThread();
  session.on("Debugger.paused", ({ params }) => {
    const [top, ...below] = params.callFrames.map(({ functionName }) => functionName);
    const own = below.find((name) => name === "nests" || name === "main") ?? "a timer";
    require("node:fs").writeSync(1, top + " in " + own + "\\n");
    session.post("Debugger.resume");
  });
  session.post("Debugger.enable", () => parentPort.postMessage("ready"));
  setInterval(() => {}, 1000);
`;

async function main(): Promise<void> {
  const watching = new Worker(debuggerThread, { eval: true, execArgv: [], env: {} });
  await once(watching, "message");
  const outer = new Mutex();
  const inner = new Mutex();
  const free = new Mutex();

  async function nests(): Promise<void> {
    await outer.lock();
    await free.lock();
    await inner.lock();
    inner.unlock();
    free.unlock();
    outer.unlock();
    await inner.lock();
    inner.unlock();
  }
  await go(nests).join();

  await inner.lock();
  const waits = go(
    async () => {
      await inner.lock();
      inner.unlock();
    },
    { name: "waits" },
  );
  await sleep(60);
  inner.unlock();
  await waits.join();

  const shared = new SharedMutex({ name: "shared" });
  const thread = await startThread(new URL(import.meta.url), shared.handle);
  await once(thread, "message");
  shared.lockSync();
  shared.unlock();
  await watching.terminate();
}

if (isMainThread) {
  await main();
} else {
  const shared = SharedMutex.from(workerData);
  await shared.lock();
  parentPort!.postMessage("locked");
  await sleep(60);
  shared.unlock();
}
