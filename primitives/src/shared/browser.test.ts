import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("in a browser: nothing of Node's is loaded; tasks wait, channels carry values, and nobody is kept alive", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { Int32 } from "../atomic.js";
        import { SharedChannel, SharedMutex, SharedSemaphore } from "../shared.js";
        globalThis.result = (async () => {
          const mu = new SharedMutex();
          const view = SharedMutex.from(mu.handle);
          await mu.lock();
          const order = [];
          const second = view.lock().then(() => order.push("second"));
          const gaveUp = view.lock({ signal: globalThis.signal }).catch(() => order.push("gave up"));
          globalThis.abort();
          await gaveUp;
          mu.unlock();
          await second;
          const ch = new SharedChannel({ bytes: 1000 });
          const received = ch.receive();
          await ch.send({ list: [1, 2n], when: new Map([["t", new Date(5)]]) });
          const { list, when } = await received;
          const semaphore = new SharedSemaphore(1);
          await semaphore.acquire();
          const n = new Int32(1);
          return [order, String(list), when.get("t").getTime(), semaphore.available, n.add(1)];
        })();`,
      resolveDir: import.meta.dirname,
      loader: "ts",
    },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2022",
    write: false,
    conditions: ["@lockscope/source"],
  });
  const code = outputFiles[0]!.text;
  const controller = new AbortController();
  const page: Record<string, unknown> = { performance, DOMException, clearInterval };
  page.setInterval = (fn: () => void, ms: number) => Number(setInterval(fn, ms));
  page.signal = controller.signal;
  page.abort = () => controller.abort();
  runInContext(code, createContext(page));
  const [order, ...rest] = (await page.result) as unknown[];
  expect([[...(order as string[])], ...rest]).toEqual([["gave up", "second"], "1,2", 5, 0, 2]);
});
