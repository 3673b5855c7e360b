import { expect, it } from "vitest";
import { Heartbeat } from "./heartbeat.js";

/** When a program says that it is quiet that is so from 0 on, looked at every 20 ms; in milliseconds. */
function beats(until: number): number[] {
  const heartbeat = new Heartbeat();
  heartbeat.rows(0);
  return Array.from({ length: until / 20 }, (_, round) => round * 20).filter((now) => heartbeat.isDue(now));
}

it("comes soon after the last rows, and then ever more seldom", () => {
  const first = beats(10_000);
  expect(first[0]).toBe(100);
  // A hold that is too long after a second is told of within a quarter of one.
  expect(first.some((time) => time >= 1000 && time <= 1250)).toBe(true);
  const gaps = first.slice(1).map((time, index) => time - first[index]!);
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
});

it("costs next to nothing, and never stays away for longer than a program that has been killed", () => {
  const hour = beats(3_600_000);
  expect(hour.length).toBeLessThan(800);
  expect(Math.max(...hour.slice(1).map((time, index) => time - hour[index]!))).toBeLessThanOrEqual(5020);
});

it("begins anew with the next rows", () => {
  const heartbeat = new Heartbeat();
  heartbeat.rows(0);
  heartbeat.isDue(60_000);
  heartbeat.rows(70_000);
  expect([70_080, 70_100].map((now) => heartbeat.isDue(now))).toEqual([false, true]);
});
