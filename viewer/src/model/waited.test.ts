import { EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { storeOf } from "../../testing/store.js";
import { Waited } from "./waited.js";

/** `b` waits for `hot` from 1 to 21; `c` for `warm` from 5 to 10, and for `late` from 30 on. */
function contended() {
  const trace = new TraceBuilder();
  const [cold, warm, hot, late] = ["cold", "warm", "hot", "late"].map((name) =>
    trace.lock(LockKind.mutex, name),
  );
  const [a, b, c] = ["a", "b", "c"].map((name) => trace.task(name));
  const rows: [time: number, kind: EventKind, task: number, lock: number][] = [
    [0, EventKind.acquire, a!, cold!],
    [0, EventKind.acquire, a!, hot!],
    [0, EventKind.acquire, a!, warm!],
    [0, EventKind.acquire, a!, late!],
    [1, EventKind.block, b!, hot!],
    [5, EventKind.block, c!, warm!],
    [10, EventKind.release, a!, warm!],
    [10, EventKind.unblock, c!, warm!],
    [21, EventKind.release, a!, hot!],
    [21, EventKind.unblock, b!, hot!],
    [30, EventKind.block, c!, late!],
  ];
  for (const [time, kind, task, lock] of rows) {
    trace.time = time;
    trace.row({ kind, task, lock });
  }
  return storeOf(trace);
}

describe("by how long was waited", () => {
  it("locks and tasks are put in order, what is under way included", () => {
    const store = contended();
    const { locks, tasks } = store.live;
    const waited = new Waited(store);
    const names = (things: readonly { readonly name: string }[]) => things.map(({ name }) => name).join(" ");
    expect(names(waited.locks(locks, 31))).toBe("hot warm late cold");
    expect(names(waited.locks(locks, 60))).toBe("late hot warm cold");
    expect(names(waited.tasks(tasks, 31))).toBe("b c a");
    expect(names(waited.tasks(tasks, 60))).toBe("c b a");
    // Nothing is counted twice.
    expect(names(waited.tasks(tasks, 31))).toBe("b c a");
  });
});
