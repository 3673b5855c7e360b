import { describe, expect, it } from "vitest";
import { findDeadlocks, waitingTasks } from "./deadlocks.js";
import { EventKind, LockKind, Mode } from "./schema.js";
import { TraceStore } from "./store.js";
import { StreamReader } from "./stream-reader.js";
import { play } from "./testing/play.js";
import { TraceBuilder } from "./trace-builder.js";

function cyclesOf(store: TraceStore, ended = false): string[] {
  return findDeadlocks(store.live, { ended }).cycles.map(({ edges, certain }) => {
    for (const [index, edge] of edges.entries()) {
      expect(edge.to).toBe(edges[(index + 1) % edges.length]!.from);
    }
    return `${edges.map((edge) => edge.from.name).join(" ")}${certain ? "" : "?"}`;
  });
}

describe("findDeadlocks", () => {
  it("finds two tasks that take two locks in opposite orders", () => {
    const store = play("a 1, b 2, a 2?, b 1?");
    expect(cyclesOf(store)).toEqual(["a b"]);
    const [cycle] = findDeadlocks(store.live).cycles;
    expect(cycle!.edges[0]).toMatchObject({
      from: { name: "a" },
      to: { name: "b" },
      wait: { lock: { name: "2" }, since: 3 },
      hold: { since: 2, lock: { name: "2" } },
    });
  });

  it("stays silent while one of them can go on", () => {
    expect(cyclesOf(play("a 1, b 2, a 2?"))).toEqual([]);
    expect(cyclesOf(play("a 1, b 2, c 3, a 2?, b 3?"))).toEqual([]);
  });

  it("stays silent while one of them may give up, until nothing runs any more", () => {
    const store = play("a 1, b 2, a 2?, b 1~");
    expect(cyclesOf(store)).toEqual([]);
    expect(cyclesOf(store, true)).toEqual(["a b"]);
  });

  it("finds a ring of three, and who waits behind it", () => {
    const store = play("a 1, b 2, c 3, a 2?, b 3?, c 1?, d 1?, e d?");
    expect(cyclesOf(store)).toEqual(["a b c"]);
    expect(findDeadlocks(store.live).behind.map((task) => task.name)).toEqual(["d", "e"]);
  });

  it("lists independent deadlocks apart", () => {
    const store = play("a 1, b 2, c 3, d 4, a 2?, b 1?, c 4?, d 3?");
    expect(cyclesOf(store).sort()).toEqual(["a b", "c d"]);
  });

  it("finds a lock taken twice by one task, certain only at the end", () => {
    expect(cyclesOf(play("a 1, a 1?"))).toEqual(["a?"]);
    expect(cyclesOf(play("a 1, a 1?"), true)).toEqual(["a"]);
  });

  it("is certain of whoever stands still with his whole thread", () => {
    expect(cyclesOf(play("main 1, b 2, main 2=, b 1?"))).toEqual(["main b"]);
    expect(cyclesOf(play("a 1, a 1="))).toEqual(["a"]);
  });

  it("is not certain about the main task, whose calls may run side by side", () => {
    const store = play("main 1, b 2, main 2?, b 1?");
    expect(cyclesOf(store)).toEqual(["main b?"]);
    expect(cyclesOf(store, true)).toEqual(["main b"]);
  });

  it("sees each reader that a writer waits for", () => {
    const rw = LockKind.rwmutex;
    expect(cyclesOf(play("a 1r, b 1r, w 2, a 2?, w 1?", rw))).toEqual(["a w"]);
    // b only reads and can release; a cannot.
    expect(cyclesOf(play("a 1r, b 1r, w 1?", rw))).toEqual([]);
  });

  it("sees a reader that reads again behind a waiting writer", () => {
    const store = play("a 1r, w 1?, a 1r?", LockKind.rwmutex);
    expect(cyclesOf(store)).toEqual(["w a"]);
    const [cycle] = findDeadlocks(store.live).cycles;
    expect(cycle!.edges[1]).toMatchObject({ hold: undefined, behind: { task: { name: "w" } } });
  });

  it("follows joins", () => {
    expect(cyclesOf(play("a 1, b 2, a b?, b 1?"))).toEqual(["a b"]);
    expect(cyclesOf(play("a 1, b 2, a b?, b 2?"))).toEqual(["b?"]);
  });

  it("needs every holder of a semaphore to be stuck", () => {
    const semaphore = LockKind.semaphore;
    expect(cyclesOf(play("a 1, b 1, a 2, c 1?, a 1?", semaphore, 2))).toEqual([]);
    expect(cyclesOf(play("a 1, b 1, a 1?, b 1?", semaphore, 2)).length).toBeGreaterThan(0);
  });

  it("lists each elementary cycle of tangled ones, shortest first", () => {
    // Readers a and b hold 1; both want 2, which w has; w wants 1 for writing: two cycles share w.
    const store = play("a 1r, b 1r, w 2, a 2?, b 2?, w 1?", LockKind.rwmutex);
    expect(cyclesOf(store)).toEqual(["a w", "b w"]);
  });

  it("settles for the first cycles of a hopeless tangle", () => {
    const readers = Array.from({ length: 12 }, (_, index) => String.fromCharCode(97 + index));
    const steps = [
      ...readers.flatMap((name) => [`${name} 1r`, `${name} 2r`]),
      ...readers.map((name, index) => `${name} ${1 + (index % 2)}?`),
    ];
    const report = findDeadlocks(play(steps.join(", "), LockKind.rwmutex).live);
    expect(report.truncated).toBe(true);
    expect(report.cycles).toHaveLength(64);
    expect(report.cycles[0]!.edges.length).toBeLessThanOrEqual(report.cycles[63]!.edges.length);
  });

  it("takes a chain of fifty thousand tasks", () => {
    const b = new TraceBuilder();
    const count = 50_000;
    const locks = Array.from({ length: count }, (_, index) => b.lock(LockKind.mutex, `${index}`));
    const tasks = locks.map((lock, index) => {
      const task = b.task(`${index}`);
      b.row({ kind: EventKind.acquire, task, lock });
      return task;
    });
    for (const [index, task] of tasks.entries()) {
      b.row({ kind: EventKind.block, task, lock: locks[(index + 1) % count]! });
    }
    const store = new TraceStore();
    for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) store.append(batch);
    expect(findDeadlocks(store.live).cycles.map(({ edges }) => edges.length)).toEqual([count]);
  });

  it("tells who is left waiting, channels and all", () => {
    const b = new TraceBuilder();
    const ch = b.lock(LockKind.channel, "ch");
    const task = b.task("receiver");
    b.time = 3;
    b.row({ kind: EventKind.block, task, lock: ch, arg: Mode.receive });
    const store = new TraceStore();
    for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) store.append(batch);
    expect(findDeadlocks(store.live, { ended: true }).cycles).toEqual([]);
    expect(waitingTasks(store.live)).toMatchObject([
      { task: { name: "receiver" }, waits: [{ lock: { name: "ch" }, since: 3 }] },
    ]);
  });
});
