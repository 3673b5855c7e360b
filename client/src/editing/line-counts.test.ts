import { EventKind, LockKind, Mode, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { newSession } from "../testing/sample-trace.js";
import { LineCounts, lineCountText } from "./line-counts.js";

const FILE = "/app/bank.ts";

/** Line 10 takes the lock at once, line 20 has to wait for it. */
function contended(): TraceBuilder {
  const trace = new TraceBuilder();
  const lock = trace.lock(LockKind.mutex, "mu", trace.site(FILE, 1));
  const [first, second] = [trace.task("first"), trace.task("second")];
  const [quick, slow] = [trace.site(FILE, 10, 3, "a"), trace.site(FILE, 20, 3, "b")];
  const row = (kind: EventKind, task: number, site = 0) =>
    trace.row({ kind, task, lock, site, arg: Mode.exclusive });
  row(EventKind.acquire, first, quick);
  trace.time = 2;
  row(EventKind.block, second, slow);
  trace.time = 50;
  row(EventKind.release, first);
  row(EventKind.unblock, second);
  row(EventKind.acquire, second, slow);
  row(EventKind.block, first, trace.site(FILE, 10, 3, "other"));
  trace.flush();
  return trace;
}

function countsOf(trace: TraceBuilder): LineCounts {
  const session = newSession();
  const counts = new LineCounts(session.store);
  expect(counts.of(FILE, 0)).toEqual([]);
  for (const batch of trace.batches) session.receive(batch);
  return counts;
}

describe("the counts of source lines", () => {
  it("say how often a lock was taken there, and how long the waits were, those under way included", () => {
    const lines = countsOf(contended()).of(FILE, 80);
    expect(lines.map((count) => [count.line, lineCountText(count)])).toEqual([
      [10, "held once, 1 with a wait, longest wait 30.0 ms, 1 waiting now"],
      [20, "held once, 1 with a wait, longest wait 48.0 ms"],
    ]);
    expect(lines[0]?.maxHold).toBeCloseTo(50);
  });

  it("are of the file that is asked for, however its path is written", () => {
    const counts = countsOf(contended());
    expect(counts.of("/app/other.ts", 80)).toEqual([]);
    expect(counts.of("/app/x/../bank.ts", 80)).toHaveLength(2);
  });

  it("grow with the trace, from the places that are known already", () => {
    const session = newSession();
    const counts = new LineCounts(session.store);
    const trace = new TraceBuilder();
    const lock = trace.lock(LockKind.mutex, "mu");
    const task = trace.task("busy");
    for (let times = 1; times <= 3; times++) {
      trace.row({ kind: EventKind.acquire, task, lock, site: trace.site(FILE, 7) });
      trace.row({ kind: EventKind.release, task, lock });
      trace.flush();
      session.receive(trace.batches.at(-1)!);
      expect(counts.of(FILE, 1)[0]?.acquisitions).toBe(times);
    }
  });
});
