import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

const run = (how: string, env: NodeJS.ProcessEnv) =>
  bench.run("warnings.ts", { LOCKSCOPE_TRACE: "", ...env }, { args: [how] });

describe("the terminal, while all goes well", () => {
  it("is told of locks taken in opposite orders, with both places", async () => {
    const { code, stderr } = await run("badly", {});
    expect(code).toBe(0);
    const lines = stderr.split("\n");
    expect(lines[0]).toMatch(/^lockscope: locks are taken in opposite orders; /);
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/task "(sells|buys)" took .*\(testdata\/warnings.ts:10:15\) .*warnings.ts:11:16/),
      expect.stringMatching(/task "(sells|buys)" took .*\(testdata\/warnings.ts:10:15\) .*warnings.ts:11:16/),
      "",
    ]);
  });

  it("is told of a lock that is held, and waited for, for longer than it is said to be right", async () => {
    const { stderr } = await run("badly", { LOCKSCOPE_HELD_MS: "100", LOCKSCOPE_WAIT_MS: "100" });
    expect(stderr).toMatch(/a lock is held for long:\n {2}task "counts" has had Mutex "stock" for \d+ ms/);
    expect(stderr).toMatch(
      /a task waits long for a lock:\n {2}the main program has waited \d+ ms for Mutex "stock"/,
    );
  });

  it("is told nothing where there is nothing", async () => {
    const { stderr } = await run("well", { LOCKSCOPE_HELD_MS: "300", LOCKSCOPE_WAIT_MS: "300" });
    expect(stderr).toBe("");
  });
});
