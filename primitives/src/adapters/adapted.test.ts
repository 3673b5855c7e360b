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

/** Nothing in it was written for being traced: @metamask/nonce-tracker, compiled to CommonJS, with its source map. */
describe("a package of others that uses async-mutex, traced", () => {
  const inPackage = /at NonceTracker\.ts:\d+:\d+ \((?:_globalMutexFree|_takeMutex|getGlobalLock)\)$/;

  it("shows at the lines of its own TypeScript who took each lock and who waited", async () => {
    const { code, stdout, stderr, stream } = await bench.run("wallet.mjs");
    expect([code, stdout, stderr]).toEqual([0, "5 6 5 7 6\n", ""]);
    const { store } = stream!;
    const lines = texts(store);
    const happened = (kind: string) => lines.filter((line) => line.includes(` ${kind} `));
    // Five transactions, each past the lock over all and then that of its account.
    expect(happened("acquire")).toHaveLength(10);
    expect(happened("release")).toHaveLength(10);
    expect([...happened("acquire"), ...happened("block")].filter((line) => !inPackage.test(line))).toEqual(
      [],
    );
    // Of three and of two at a time, all but the first wait for their account.
    expect(happened("block").filter((line) => line.endsWith("(_takeMutex)"))).toHaveLength(3);
    expect(store.live.locks.map(({ uses, maxWait }) => [uses, maxWait > 0])).toEqual([
      [5, true],
      [3, true],
      [2, true],
    ]);
    expect(store.live.locks.every(({ holders, waiters }) => holders.size + waiters.size === 0)).toBe(true);
  });

  it("names both of its lines where it is stuck", async () => {
    const { code, stderr, stream } = await bench.run("wallet.mjs", { RESET: "1" });
    expect(code).toBe(13);
    expect(stderr).toContain("all tasks are asleep - deadlock!");
    expect(stderr).toMatch(/waits for Mutex .*NonceTracker\.ts:204:57.* held by .*NonceTracker\.ts:142:57/);
    const [global] = stream!.store.live.locks;
    expect([global!.holders.size, global!.waiters.size]).toEqual([1, 1]);
  });
});
