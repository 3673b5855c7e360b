import { EventKind, findDeadlocks, LockKind, Mode, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankTrace, sample } from "../../testing/sample-trace.js";
import { storeOf } from "../../testing/store.js";
import { type Arrow, ArrowFinder, closedAt } from "./arrows.js";
import { rowsOf, type TimelineRow, timelineRows } from "./rows.js";
import type { LaneMode } from "./view.js";

/** `from kind to`, by the labels of the rows. */
const inWords = (arrows: readonly Arrow[], rows: readonly TimelineRow[]): string[] =>
  arrows.map(({ from, to, kind }) => `${rows[from]!.label} ${kind} ${rows[to]!.label}`).sort();

function bank(mode: LaneMode) {
  const store = storeOf(bankTrace({ turns: 60, deadlock: true }));
  const { cycles } = findDeadlocks(store.live, { ended: true });
  const rows = rowsOf(timelineRows(store.live.locks, store.live.tasks, new Set()), mode);
  const finder = new ArrowFinder(store, rows);
  return {
    store,
    rows,
    finder,
    cycles,
    indexOf: (label: string) => rows.findIndex((row) => row.label === label),
  };
}

const [there, back] = sample.deadlocked;

describe("ArrowFinder.waits", () => {
  it("draws a cycle from the moment on at which it closed", () => {
    const { rows, finder, cycles } = bank("both");
    const closed = closedAt(cycles[0]!);
    const cycle = [`${back} stuck ${there}`, `${there} stuck ${back}`].sort();
    expect(inWords(finder.waits(closed, -1, cycles), rows)).toEqual(cycle);
    expect(inWords(finder.waits(closed + 2, -1, cycles), rows)).toEqual(cycle);
    expect(finder.waits(closed - 0.001, -1, cycles)).toEqual([]);
  });

  it("draws it between the locks where no tasks are shown", () => {
    const { store, rows, finder, cycles } = bank("locks");
    expect(inWords(finder.waits(store.endTime, -1, cycles), rows)).toEqual([
      "checking stuck savings",
      "savings stuck checking",
    ]);
  });

  it("draws whom the chosen task waits for, and who waits for it", () => {
    const { rows, finder, cycles, indexOf } = bank("tasks");
    const before = closedAt(cycles[0]!) - 0.3;
    const expected = [`${there} wait ${back}`];
    expect(inWords(finder.waits(before, indexOf(there), cycles), rows)).toEqual(expected);
    expect(inWords(finder.waits(before, indexOf(back), cycles), rows)).toEqual(expected);
    expect(finder.waits(before, indexOf("main"), cycles)).toEqual([]);
    expect(finder.waits(before, -1, cycles)).toEqual([]);
  });
});

describe("ArrowFinder.wakes", () => {
  /** `one` holds until 10, then gives to `two`, who sends to `three` at 20. */
  function handOver() {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const ch = b.lock(LockKind.channel, "ch");
    const [one, two, three] = ["one", "two", "three"].map((name) => b.task(name)) as [number, number, number];
    b.row({ kind: EventKind.acquire, task: one, lock: mu });
    b.time = 2;
    b.row({ kind: EventKind.block, task: two, lock: mu });
    b.row({ kind: EventKind.block, task: three, lock: ch, arg: Mode.receive });
    b.time = 10;
    b.row({ kind: EventKind.release, task: one, lock: mu });
    b.row({ kind: EventKind.unblock, task: two, lock: mu });
    b.row({ kind: EventKind.acquire, task: two, lock: mu });
    b.time = 20;
    b.row({ kind: EventKind.send, task: two, lock: ch });
    b.row({ kind: EventKind.unblock, task: three, lock: ch, arg: Mode.receive });
    b.time = 30;
    b.row({ kind: EventKind.release, task: two, lock: mu });
    const store = storeOf(b);
    const rows = timelineRows(store.live.locks, store.live.tasks, new Set());
    const finder = new ArrowFinder(store, rows);
    const wakes = (label: string, position: number) => {
      const row = rows.find((row) => row.label === label)!;
      return row.type === "heading" ? [] : finder.wakes(row, row.lane.spans[position]!);
    };
    return { rows, wakes };
  }

  it("finds who ended a wait: by giving the lock back, or by sending", () => {
    const { rows, wakes } = handOver();
    expect(inWords(wakes("two", 0), rows)).toEqual(["one wake two"]);
    expect(wakes("two", 0)[0]!.time).toBeCloseTo(10, 3);
    expect(inWords(wakes("three", 0), rows)).toEqual(["two wake three"]);
  });

  it("finds whom the end of a hold woke, from the task's lane and from the lock's", () => {
    const { rows, wakes } = handOver();
    expect(wakes("one", 0)).toEqual([]);
    expect(inWords(wakes("one", 1), rows)).toEqual(["one wake two"]);
    expect(inWords(wakes("mu", 1), rows)).toEqual(["one wake two"]);
    expect(wakes("two", 1)).toEqual([]);
  });

  it("finds the writer who let all readers in, and the task whose end was waited for", () => {
    const b = new TraceBuilder();
    const rw = b.lock(LockKind.rwmutex, "rw");
    const names = ["writer", "reader 1", "reader 2", "joiner"];
    const [writer, first, second, joiner] = names.map((name) => b.task(name)) as [number, ...number[]];
    b.row({ kind: EventKind.acquire, task: writer, lock: rw });
    b.time = 2;
    for (const reader of [first, second])
      b.row({ kind: EventKind.block, task: reader!, lock: rw, arg: Mode.shared });
    b.row({ kind: EventKind.block, task: joiner!, lock: writer, arg: Mode.join });
    b.time = 10;
    b.row({ kind: EventKind.release, task: writer, lock: rw });
    for (const reader of [first, second]) {
      b.row({ kind: EventKind.unblock, task: reader!, lock: rw, arg: Mode.shared });
      b.row({ kind: EventKind.acquire, task: reader!, lock: rw, arg: Mode.shared });
    }
    b.time = 20;
    b.row({ kind: EventKind.taskEnd, task: writer });
    b.row({ kind: EventKind.unblock, task: joiner!, lock: writer, arg: Mode.join });
    const store = storeOf(b);
    const rows = timelineRows(store.live.locks, store.live.tasks, new Set());
    const finder = new ArrowFinder(store, rows);
    const wakersOf = (label: string) => {
      const row = rows.find((row) => row.label === label)!;
      return row.type === "heading" ? [] : inWords(finder.wakes(row, row.lane.spans[0]!), rows);
    };
    expect(wakersOf("reader 1")).toEqual(["writer wake reader 1"]);
    expect(wakersOf("reader 2")).toEqual(["writer wake reader 2"]);
    expect(wakersOf("joiner")).toEqual(["writer wake joiner"]);
  });
});
