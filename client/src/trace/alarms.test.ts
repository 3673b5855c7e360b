import { type Alarm, EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { expect, it, vi } from "vitest";
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

/** A program that was started a minute ago takes a lock; `time`s are in milliseconds since its start. */
function holdingSession(since: number) {
  const session = newSession("1", { start: Date.now() - 60_000 });
  const trace = new TraceBuilder();
  const task = trace.task("holds");
  const lock = trace.lock(LockKind.mutex, "mu");
  /** What has happened by then comes in. */
  const say = (time: number, kind?: EventKind) => {
    trace.time = time;
    if (kind !== undefined) trace.row({ kind, task, lock });
    trace.flush();
    session.receive(trace.batches.at(-1)!);
  };
  say(since, EventKind.acquire);
  return { session, say };
}

const looked = () => new Promise((resolve) => setTimeout(resolve, 250));

it("nothing is told of a lock that has been given back, while the news of that has yet to be read", async () => {
  const { session, say } = holdingSession(5);
  await looked();
  say(10, EventKind.release);
  await looked();
  expect(session.alarms.all).toEqual([]);
});

it("a lock that is held is told of when the program says that nothing has happened since", async () => {
  const { session, say } = holdingSession(5);
  say(900);
  await looked();
  expect(session.alarms.all).toEqual([]);
  say(1100);
  await expect.poll(() => kinds(session.alarms.all)).toEqual(["held-too-long"]);
});

it("nothing is told of a lock that was held for long only because a debugger held the program", async () => {
  const { session, say } = holdingSession(59_900);
  session.alarms.paused = true;
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 30_000);
  session.alarms.paused = false;
  clock.mockRestore();
  say(90_100, EventKind.release);
  await looked();
  expect(session.alarms.all).toEqual([]);
});
