import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTrace, TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

const lockNamed = ({ live }: TraceStore, name: string) => live.locks.find((lock) => lock.name === name);

describe("a program that makes a hundred thousand locks", () => {
  it("is followed without them: what is kept of it has those that live, by their names", async () => {
    const file = join(bench.folder, "many.locktrace");
    const { code } = await bench.run(
      "many-locks.ts",
      { LOCKSCOPE_TRACE: `file:${file}`, LOCKSCOPE_RING: "1", LOCKSCOPE_STACKS: "off" },
      { args: ["asks"] },
    );
    expect(code).toBe(0);
    const store = new TraceStore();
    for (const batch of readTrace(readFileSync(file)).batches) store.append(batch);
    store.finish();
    // The first ones, which are always kept, those of the last eras, and a megabyte of rows.
    expect(store.live.locks.length).toBeLessThan(48_000);
    expect(lockNamed(store, "idle")).toBeUndefined();
    expect(lockNamed(store, "seldom")?.uses).toBeGreaterThan(0);
    expect(lockNamed(store, "held all along")?.holders.oldest?.task.name).toBe("keeps");
    expect(lockNamed(store, "counts")?.amount).toBe(1);
    expect(lockNamed(store, "closed")?.closed).toBe(true);
    expect(store.live.locks.filter(({ holders, waiters }) => holders.size + waiters.size > 0)).toHaveLength(
      1,
    );
  });

  it("is told of its deadlock, by the names that its locks had long before, and of nothing else", async () => {
    const env = { LOCKSCOPE_STACKS: "off", LOCKSCOPE_TRACE: bench.address };
    const program = bench.start("many-locks.ts", env);
    await vi.waitUntil(() => program.output.stderr.trimEnd().split("\n").length >= 3, { timeout: 25_000 });
    program.child.kill("SIGKILL");
    const { stderr } = await program.end;
    const lines = stderr.trimEnd().split("\n");
    expect(lines[0]).toBe("lockscope: deadlock! These 2 tasks wait for each other for ever:");
    expect(lines[1]).toMatch(/task "crosses" waits for Mutex "right" .* held by task "crosses back"/);
    expect(lines[2]).toMatch(/task "crosses back" waits for Mutex "left" .* held by task "crosses"/);
    expect(lines).toHaveLength(3);
    const { store } = bench.streams.at(-1)!;
    expect(store.live.locks).toHaveLength(100_007);
    expect(store.dropped).toBe(0);
  });
});
