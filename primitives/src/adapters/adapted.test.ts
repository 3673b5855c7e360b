import { eventText, findDeadlocks, type TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

function texts(store: TraceStore): string[] {
  const lines: string[] = [];
  store.forEachEvent((event) => {
    const text = eventText(store, event).replace(/^ *[\d.]+ +#\d+ */, "");
    lines.push(text.replace(/ {2,}/g, " ").replace(/at \S*\/(\S+)/, "at $1"));
  });
  return lines;
}

describe("a program that imports async-mutex, traced", () => {
  it("does what it does, and shows who held what and who waited, from both module systems", async () => {
    const { code, stdout, stderr, stream } = await bench.run("async-mutex.mjs");
    expect([code, stdout, stderr]).toEqual([0, "3 true 2\n", ""]);
    const { store } = stream!;
    expect(store.live.locks.map(({ name }) => name)).toEqual(["log", "slots", "from", "to"]);
    expect(store.live.locks.every(({ holders, waiters }) => holders.size + waiters.size === 0)).toBe(true);
    const lines = texts(store);
    // The third job waits for a slot; of the two that have one, the second waits for the account.
    expect(lines).toContain('"flow 3" block semaphore#2 "slots" exclusive at async-mutex.mjs:21:35 (job)');
    expect(lines).toContain('"flow 2" block mutex#3 "from" exclusive at async-mutex.mjs:12:23 (transfer)');
    expect(lines).toContain('"flow 1" acquire mutex#4 "to" exclusive at async-mutex.mjs:14:39');
    expect(lines).toContain(
      '"flow 1" acquire mutex#1 "log" exclusive at async-mutex.cjs:6:31 (exports.audit)',
    );
  });

  it("that is stuck is told who waits for whom", async () => {
    const { stderr, stream } = await bench.run("async-mutex-stuck.mjs");
    expect(stderr).toContain("all tasks are asleep - deadlock!");
    expect(stderr).toMatch(/task "flow 1" waits for Mutex "b" .*held by task "flow 2"/);
    const { cycles } = findDeadlocks(stream!.store.live, { ended: true });
    expect(cycles.map(({ edges }) => edges.map(({ from }) => from.name))).toEqual([["flow 1", "flow 2"]]);
  });

  it("has a flow for whoever waits for the one that started it", async () => {
    const { code, stderr, stream } = await bench.run("async-mutex-detached.mjs");
    expect([code, stderr]).toEqual([0, ""]);
    expect(texts(stream!.store).map((text) => text.replace(/ mutex#1 .*/, ""))).toEqual([
      ...['"flow 1" taskStart', '"flow 1" acquire', '"flow 2" taskStart', '"flow 2" block'],
      ...['"flow 1" release', '"flow 2" unblock', '"flow 2" acquire', '"flow 2" release'],
      '"main" programEnd exit',
    ]);
  });

  it("is left with async-mutex where no adapter is wanted", async () => {
    const { code, stdout, streams } = await bench.run("async-mutex.mjs", { LOCKSCOPE_ADAPT: "none" });
    expect([code, stdout, streams]).toEqual([0, "3 true 2\n", []]);
  });
});
