import type { TraceStore } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { busyTrace, deadlockedTrace, leakedTrace, newSession } from "../testing/sample-trace.js";
import { type StuckReport, stuckReport } from "./stuck-report.js";
import { watchForStuckTasks } from "./stuck-watch.js";

function storeOf(trace: { batches: Uint8Array[] }): TraceStore {
  const session = newSession();
  for (const batch of trace.batches) session.receive(batch);
  return session.store;
}

describe("what is told about stuck tasks", () => {
  it("names the tasks and locks of a cycle, and each place once", () => {
    const report = stuckReport(storeOf(deadlockedTrace()), "bank.ts");
    expect(report?.text).toBe(
      'Deadlock in bank.ts: "alice pays bob" waits for Mutex "bob" (bank.ts:12), which "bob pays alice" holds; ' +
        '"bob pays alice" waits for Mutex "alice" (bank.ts:12), which "alice pays bob" holds.',
    );
    expect(report?.places).toEqual([{ file: "/app/bank.ts", line: 12, column: 3, func: "transfer" }]);
  });

  it("names the tasks that wait when nothing can run any more", () => {
    const report = stuckReport(storeOf(leakedTrace()), "w.ts");
    expect(report?.text).toBe(
      'w.ts ended with 1 task that can never go on: "worker" waits for channel "jobs" (w.ts:7).',
    );
  });

  it("is silent about a program that is well", () => {
    expect(stuckReport(storeOf(busyTrace(10)), "busy.ts")).toBeUndefined();
  });
});

describe("the watch for stuck tasks", () => {
  it("tells once while the program runs, and not again at its end", async () => {
    const session = newSession();
    const told: StuckReport[] = [];
    watchForStuckTasks(session, (report) => told.push(report));
    for (const batch of deadlockedTrace("stuck").batches) session.receive(batch);
    await expect.poll(() => told.length).toBe(1);
    session.close();
    expect(told).toHaveLength(1);
  });

  it("looks a last time when the program ends, without waiting", () => {
    const session = newSession();
    const told: StuckReport[] = [];
    watchForStuckTasks(session, (report) => told.push(report));
    for (const batch of leakedTrace().batches) session.receive(batch);
    session.close();
    expect(told).toHaveLength(1);
  });
});
