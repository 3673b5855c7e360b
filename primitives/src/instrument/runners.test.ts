import { join } from "node:path";
import { EndReason } from "@lockscope/trace";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

it.runIf(process.platform !== "win32")(
  "vitest, which ends the process of each test file by a signal: every lock of every file",
  async () => {
    const inherited = Object.keys(process.env).filter((name) => name.startsWith("VITEST"));
    const { code, stdout, streams } = await bench.run(
      join("..", "..", "node_modules", "vitest", "vitest.mjs"),
      Object.fromEntries(inherited.map((name) => [name, undefined])),
      { byNodeOptions: true, args: ["run", "--root", join(import.meta.dirname, "../../testdata/vitest")] },
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining("3 passed")]);
    const taken = streams.flatMap(({ store, complete }) =>
      store.live.locks.map(({ name, uses }) => [name, uses, complete, store.end?.reason]),
    );
    expect(taken.sort()).toEqual(
      ["first", "second", "third"].map((file) => [`of the ${file} file`, 100, true, EndReason.signal]),
    );
  },
);
