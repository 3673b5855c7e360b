import type { Alarm } from "@lockscope/trace";
import { expect, it } from "vitest";
import { busyTrace, deadlockedTrace, leakedTrace, newSession } from "../testing/sample-trace.js";

/** What a session that reads this trace, and then is over or not, is alarmed about. */
function alarmsOf(trace: { batches: Uint8Array[] }, { close = false } = {}): Alarm[] {
  const session = newSession();
  const told: Alarm[] = [];
  session.alarms.on("alarm", (alarm) => told.push(alarm));
  for (const batch of trace.batches) session.receive(batch);
  if (close) session.close();
  return told;
}

const kinds = (alarms: readonly Alarm[]) => alarms.map(({ kind }) => kind);

it("a deadlock is told once while the program runs, and not again at its end", async () => {
  const session = newSession();
  const told: Alarm[] = [];
  session.alarms.on("alarm", (alarm) => told.push(alarm));
  for (const batch of deadlockedTrace("stuck").batches) session.receive(batch);
  await expect.poll(() => kinds(told)).toContain("deadlock");
  expect(told[0]?.text).toMatch(/"alice pays bob" waits for Mutex "bob" \(bank\.ts:12/);
  session.close();
  expect(kinds(told).filter((kind) => kind === "deadlock")).toHaveLength(1);
  expect(session.alarms.all).toEqual(told);
});

it("tasks that are left waiting are told at the end, without a wait for the next look", () => {
  expect(kinds(alarmsOf(leakedTrace(), { close: true }))).toEqual(["leaked-task"]);
});

it("nothing is told of a program that is well", () => {
  expect(alarmsOf(busyTrace(1000), { close: true })).toEqual([]);
});

it("nothing is told of waits that last because a debugger holds the program", async () => {
  const session = newSession();
  session.alarms.thresholds = { heldMs: 1, waitMs: 1 };
  session.alarms.paused = true;
  for (const batch of deadlockedTrace().batches) session.receive(batch);
  session.emit("data");
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(session.alarms.all).toEqual([]);
  session.close();
  expect(kinds(session.alarms.all)).toContain("deadlock");
});
