import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { EndReason, readTrace, TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

function storeOf(file: string): TraceStore {
  const { batches, end } = readTrace(readFileSync(file));
  expect(end).toMatchObject({ truncated: false });
  const store = new TraceStore();
  for (const batch of batches) store.append(batch);
  store.finish();
  return store;
}

const lockNamed = (store: TraceStore, name: string) => store.live.locks.find((lock) => lock.name === name);

function expectTheHolder(store: TraceStore): void {
  const held = lockNamed(store, "held all along")!;
  expect(held.holders.oldest?.task.name).toBe("holds all along");
  expect(store.sites.get(held.holders.oldest!.site)).toMatchObject({ line: 8 });
}

async function runLong(how: string, env: NodeJS.ProcessEnv) {
  const file = join(bench.folder, `${how}.locktrace`);
  const ended = await bench.run(
    "long.ts",
    { LOCKSCOPE_TRACE: `file:${file}`, LOCKSCOPE_SITES: "stack", ...env },
    { args: [how] },
  );
  return { ...ended, file };
}

describe("the newest of a trace", () => {
  it.each(["asks", "crashes", "sticks"])(
    "is written when it is asked for, or is of use: a program that %s",
    async (how) => {
      const { file, code } = await runLong(how, { LOCKSCOPE_RING: "1" });
      expect(code).toBe(how === "crashes" ? 1 : 0);
      const size = statSync(file).size;
      expect(size).toBeGreaterThan(2 ** 20 / 2);
      expect(size).toBeLessThan(2 ** 20 * 1.5);
      const store = storeOf(file);
      // 240,000 rows were written, of 16 bytes each.
      expect(store.eventCount).toBeLessThan(100_000);
      expectTheHolder(store);
      expect(lockNamed(store, "busy")?.holders.size).toBe(0);
      if (how === "crashes") expect(store.end?.reason).toBe(EndReason.uncaught);
      if (how === "sticks") {
        expect(lockNamed(store, "a")!.waiters.size + lockNamed(store, "b")!.waiters.size).toBe(2);
      }
    },
  );

  it("goes to a listener as often as it is asked for, each time by a connection of its own", async () => {
    const env = { LOCKSCOPE_RING: "1", LOCKSCOPE_SITES: "stack" };
    const { code, stderr, streams } = await bench.run("long.ts", env, { args: ["asks twice"] });
    expect([code, stderr]).toEqual([0, ""]);
    expect(streams.map(({ complete }) => complete)).toEqual([true, true]);
    for (const { store } of streams) expectTheHolder(store);
  });

  it("is not written when a program ends well", async () => {
    const { file, code, stderr } = await runLong("ends", { LOCKSCOPE_RING: "1" });
    expect([code, stderr]).toEqual([0, ""]);
    expect(existsSync(file)).toBe(false);
  });
});

describe("a trace in files of a size", () => {
  it("can be read from each of them, and no more are kept than are wanted", async () => {
    const { file, code } = await runLong("rotates", { LOCKSCOPE_ROTATE: "1:3" });
    expect(code).toBe(0);
    const files = readdirSync(bench.folder).filter((name) => name.startsWith("rotates"));
    expect(files.sort()).toEqual(["rotates.1.locktrace", "rotates.2.locktrace", "rotates.locktrace"]);
    for (const name of files) {
      expect(statSync(join(bench.folder, name)).size).toBeLessThan(2 ** 20 * 1.2);
      const store = storeOf(join(bench.folder, name));
      expectTheHolder(store);
      expect(store.dropped).toBe(0);
    }
    expect(storeOf(file).end?.reason).toBe(EndReason.exit);
  });
});
