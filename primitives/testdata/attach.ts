// A program that is traced from the middle on, and again to the end: it imports the instrument itself, as a debugger
// would have it do.
import { EventEmitter, once } from "node:events";
import { go, Mutex, WaitGroup } from "@lockscope/sync";

const attach = Symbol.for("@lockscope/attach");
const registry = Symbol.for("@lockscope/sync");
const host = globalThis as unknown as {
  [attach]?: object;
  [registry]: { instrument: { detach(): void; currentTaskId(): number } | null };
};
const trace = async (time: number) => {
  host[attach] = { endpoint: process.env.ENDPOINT, token: "secret", stacks: "all" };
  await import(`${process.env.REGISTER}?attach=${time}`);
};

const mu = new Mutex({ name: "of before" });
const wg = new WaitGroup({ name: "group of before" });
const bell = new EventEmitter();
wg.add(2);
const holder = go(
  async () => {
    await mu.lock();
    await once(bell, "ring");
    mu.unlock();
    wg.done();
  },
  { name: "began before" },
);
const queued = go(
  async () => {
    await mu.lock();
    mu.unlock();
  },
  { name: "waits since before" },
);
await new Promise((resolve) => setImmediate(resolve));

await trace(1);
const waiter = go(
  async () => {
    await mu.lock();
    mu.unlock();
    wg.done();
  },
  { name: "began after" },
);
await new Promise((resolve) => setImmediate(resolve));
bell.emit("ring");
await Promise.all([holder.join(), queued.join(), waiter.join(), wg.wait()]);
host[registry].instrument!.detach();
await mu.lock();
await trace(2);
mu.unlock();
console.log(host[registry].instrument!.currentTaskId());
