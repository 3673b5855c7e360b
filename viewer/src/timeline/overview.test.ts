import {
  EventKind,
  LockKind,
  Mode,
  Severity,
  StreamReader,
  TraceBuilder,
  TraceStore,
} from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankTrace, busyTrace } from "../../testing/sample-trace.js";
import { storeOf } from "../../testing/store.js";
import { Overview } from "./overview.js";

const none: ReadonlySet<never> = new Set();

/** The worst severity of each cell, looked up span by span. */
function bruteForce({ live }: TraceStore, of: "tasks" | "locks", overview: Overview, now: number): number[] {
  const { start, end, severity } = live.spans;
  const worst = new Array<number>(overview.severities.length).fill(0);
  for (const { lane } of live[of]) {
    for (const span of lane.spans) {
      const last = Math.min(end[span]!, now);
      for (let cell = Math.floor((start[span]! - overview.start) / overview.cellMs); ; cell++) {
        const from = overview.start + cell * overview.cellMs;
        if (from > last || (from === last && from > start[span]!)) break;
        worst[cell] = Math.max(worst[cell]!, severity[span]!);
      }
    }
  }
  return worst;
}

const severities = (overview: Overview) => [...overview.severities];

describe("Overview", () => {
  it.each(["tasks", "locks"] as const)("says of each cell what the worst is (%s)", (of) => {
    const store = storeOf(bankTrace({ turns: 400, deadlock: true }));
    const overview = new Overview();
    overview.update(store, of, store.endTime, none);
    expect(severities(overview)).toEqual(bruteForce(store, of, overview, store.endTime));
  });

  it("says so of lanes with more spans than there are cells", () => {
    const store = storeOf(busyTrace(40_000, 3, 3));
    const overview = new Overview();
    overview.update(store, "tasks", store.endTime, none);
    expect(severities(overview)).toEqual(bruteForce(store, "tasks", overview, store.endTime));
    expect(store.live.tasks.some(({ lane }) => lane.spans.length > overview.severities.length)).toBe(true);
  });

  it.each(["tasks", "locks"] as const)("comes to the same while the trace grows (%s)", (of) => {
    const trace = bankTrace({ turns: 400, deadlock: true, rowsPerBatch: 40 });
    const whole = storeOf(trace);
    const growing = new TraceStore();
    const overview = new Overview();
    const bytes = trace.bytes();
    const reader = new StreamReader({ prelude: false });
    for (let at = 0; at < bytes.length; at += 500) {
      for (const batch of reader.push(bytes.subarray(at, at + 500))) growing.append(batch);
      overview.update(growing, of, growing.endTime, none);
    }
    const once = new Overview();
    once.update(whole, of, whole.endTime, none);
    expect(overview.cellMs).toBe(once.cellMs);
    expect(severities(overview)).toEqual(severities(once));
  });

  it("shows an endless wait as such from its beginning, and begins anew with another trace", () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const task = b.task("one");
    b.time = 10;
    b.row({ kind: EventKind.block, task, lock: mu, arg: Mode.exclusive });
    b.time = 20;
    b.row({ kind: EventKind.programEnd });
    const store = storeOf(b);
    const overview = new Overview();
    overview.update(store, "tasks", 20, none);
    expect(overview.worst(12, 13)).toBe(Severity.wait);
    overview.update(store, "tasks", 20, new Set([store.live.findTask(task)!]));
    expect(overview.worst(10, 10.1)).toBe(Severity.stuck);
    expect(overview.worst(0, 9)).toBe(0);
    overview.update(new TraceStore(), "tasks", 0, none);
    expect(overview.worst(0, 20)).toBe(0);
  });
});
