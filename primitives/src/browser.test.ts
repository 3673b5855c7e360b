import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** What a bundler makes of `source` for a browser. */
async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2022",
    write: false,
    conditions: ["@lockscope/source"],
  });
  return outputFiles[0]!.text;
}

describe("in a browser", () => {
  it("runs without anything of Node's; identity is that of the first synchronous stretch", async () => {
    const code = await bundle(`
      import { currentTask, go, gosched, Mutex, sleep } from "./index.js";
      import { after, Channel, onReceive, select } from "./channel.js";
      globalThis.result = (async () => {
        const mu = new Mutex();
        const seen = [];
        const task = go(async () => {
          seen.push(currentTask()?.name);
          await mu.withLock(() => gosched());
          seen.push(currentTask()?.name);
        }, { name: "t" });
        await mu.lock();
        await sleep(1);
        mu.unlock();
        await task.join();
        const c = new Channel(1);
        await c.send("sent");
        seen.push(await select(onReceive(c, (value) => value)));
        await after(1).receive();
        return seen;
      })();
    `);
    const page: Record<string, unknown> = { MessageChannel, performance, clearTimeout };
    page.setTimeout = (fn: () => void, ms: number) => Number(setTimeout(fn, ms));
    runInContext(code, createContext(page));
    expect(await page.result).toEqual(["t", undefined, "sent"]);
  });

  it("a RecursiveMutex excludes but knows no holder, since nothing is carried across an await", async () => {
    const code = await bundle(`
      import { go, Once, RecursiveMutex, SyncMap } from "./index.js";
      globalThis.result = (async () => {
        const mu = new RecursiveMutex();
        await go(() => mu.lock()).join();
        const seen = [mu.owner, mu.depth, await mu.lock().catch((error) => error.code)];
        mu.unlock();
        await mu.withLock(() => seen.push(mu.depth));
        await new Once().do(() => seen.push("once"));
        return [...seen, await new SyncMap().loadOrCompute("key", async () => "computed")];
      })();
    `);
    const page: Record<string, unknown> = { setTimeout: () => 0 };
    runInContext(code, createContext(page));
    expect(await page.result).toEqual([undefined, 1, "holder-unknown", 1, "once", "computed"]);
  });

  it("so do contexts, groups, orchestration and pipelines", async () => {
    const code = await bundle(`
      import { background, withTimeout } from "./context.js";
      import { CyclicBarrier, ErrGroup, Semaphore, SingleFlight } from "./group.js";
      import { all, retry, SchedGroup } from "./orchestrate.js";
      import { map, reduce, stream } from "./patterns.js";
      globalThis.result = (async () => {
        const [ctx] = withTimeout(background(), 10_000);
        const sem = new Semaphore(1);
        const values = await all(ctx, () => sem.withPermit(() => 1), () => sem.withPermit(() => 2));
        const group = new ErrGroup();
        const barrier = new CyclicBarrier(2);
        group.go(() => barrier.wait());
        group.go(() => barrier.wait());
        await group.wait();
        const late = new SchedGroup(ctx);
        late.delay(1, () => values.push(3));
        await late.wait();
        let failures = 1;
        const { value } = await new SingleFlight().do("key", () => retry(ctx, 2, () => {
          if (failures-- > 0) throw new Error("again");
          return 4;
        }));
        const sum = await reduce(ctx, map(ctx, stream(ctx, [...values, value]), (n) => n * 10), (a, b) => a + b, 0);
        const [short] = withTimeout(ctx, 1);
        await short.done.receive();
        return [sum, short.err.name];
      })();
    `);
    const page: Record<string, unknown> = { AbortController, MessageChannel, performance, clearTimeout };
    page.setTimeout = (fn: () => void, ms: number) => Number(setTimeout(fn, ms));
    runInContext(code, createContext(page));
    expect(await page.result).toEqual([100, "DeadlineExceededError"]);
  });

  it("a mutex alone is less than 3 kB", async () => {
    const code = await bundle(`import { Mutex } from "./index.js"; globalThis.Mutex = Mutex;`);
    expect(gzipSync(code).length).toBeLessThan(3000);
    expect(code, "channels are left out").not.toContain("asyncIterator");
  });
});
