import { describe, expect, it } from "vitest";
import { EventKind, LockKind, Mode } from "../schema.js";
import { Play } from "../testing/play.js";
import { rangeStatistics, rangeStatisticsInSteps } from "./range-statistics.js";

/** a has 1 from 1 to 32, b waits from 2 to 33 and has it until 44; c waits from 3 to 54. */
const contended = () =>
  new Play()
    .play("a 1, b 1?, c 1?")
    .pass(28)
    .play("a 1!, b 1^")
    .pass(9)
    .play("b 1, b 1!")
    .pass(9)
    .play("c 1^, c 1");

describe("rangeStatistics", () => {
  it("takes a break every so often, and comes to the same", () => {
    const play = new Play();
    for (let n = 0; n < 10_000; n++) play.play("a 1, b 1?, a 1!, b 1^, b 1!");
    const { store } = play.ship();
    const steps = rangeStatisticsInSteps(store, 10, store.endTime - 10);
    let breaks = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) breaks++;
    expect(breaks).toBeGreaterThan(1);
    expect(step.value).toEqual(rangeStatistics(store, 10, store.endTime - 10));
  });

  it("counts uses, waits and holds of locks, tasks and places", () => {
    const { store } = contended();
    const { locks, tasks, events } = rangeStatistics(store, 0, 56);
    expect(events).toBe(store.eventCount);
    expect(locks).toHaveLength(1);
    const [lock] = locks;
    expect(lock).toMatchObject({ lock: { name: "1" }, acquisitions: 3, contended: 2, maxQueue: 2 });
    expect(lock!.waits).toMatchObject({ count: 2, total: 31 + 51, min: 31, max: 51 });
    // a until 32, b from 43 to 44, c from 55 to the end of the range.
    expect(lock!.holds).toMatchObject({ count: 3, total: 31 + 1 + 1, min: 1, max: 31 });
    expect(tasks.map(({ task, waits }) => [task.name, waits.total])).toEqual([
      ["c", 51],
      ["b", 31],
      ["a", 0],
    ]);
    const lines = lock!.sites.map((site) => [
      store.sites.get(site.site)?.line,
      site.acquisitions,
      site.contended,
    ]);
    expect(lines).toEqual([
      [3, 0, 1],
      [2, 0, 1],
      [1, 1, 0],
      [6, 1, 0],
      [9, 1, 0],
    ]);
    expect(lock!.lock).toBe(store.live.findLock(lock!.lock.id));
  });

  it("counts only the part of waits and holds that is inside", () => {
    const { store } = contended();
    const [lock] = rangeStatistics(store, 10, 20).locks;
    expect(lock).toMatchObject({ acquisitions: 0, contended: 0, maxQueue: 2 });
    expect(lock!.holds).toMatchObject({ count: 1, total: 10 });
    expect(lock!.waits).toMatchObject({ count: 2, total: 20, max: 10 });
    expect(rangeStatistics(store, 10, 20).events).toBe(0);
  });

  it("includes both ends, and is the sum of its parts", () => {
    const { store } = contended();
    expect(rangeStatistics(store, 1, 1).events).toBe(2);
    const parts = [rangeStatistics(store, 0, 20.5), rangeStatistics(store, 20.5, 56)];
    const sum = (of: "waits" | "holds") => parts.reduce((total, { locks }) => total + locks[0]![of].total, 0);
    const [whole] = rangeStatistics(store, 0, 56).locks;
    expect(sum("waits")).toBeCloseTo(whole!.waits.total);
    expect(sum("holds")).toBeCloseTo(whole!.holds.total);
  });

  it("ranks by the time waited, and leaves out what was not in use", () => {
    const play = new Play().play("a 1, a 2, b 2?").pass(5).play("a 2!, b 2^, b 2, a 1!");
    const idle = play.play("x 9, x 9!").pass(100).now;
    const names = (from: number, to: number) =>
      rangeStatistics(play.store, from, to).locks.map(({ lock }) => lock.name);
    expect(names(0, idle)).toEqual(["2", "1", "9"]);
    expect(names(idle - 50, idle)).toEqual(["2"]);
  });

  it("counts what goes through a channel, and a select once for its task", () => {
    const play = new Play(LockKind.channel);
    const [x, y] = [play.lock("x"), play.lock("y")];
    const task = play.task("t");
    play.trace.row({ kind: EventKind.send, task, lock: x });
    play.trace.row({ kind: EventKind.block, arg: Mode.selectReceive, task, lock: x });
    play.trace.row({ kind: EventKind.block, arg: Mode.selectReceive, task, lock: y });
    play.pass(4).trace.row({ kind: EventKind.unblock, arg: Mode.selectReceive, task, lock: y });
    const { locks, tasks } = rangeStatistics(play.ship().store, 0, 10);
    expect(locks.map(({ lock, acquisitions, waits }) => [lock.name, acquisitions, waits.total])).toEqual([
      ["x", 1, 4],
      ["y", 0, 4],
    ]);
    expect(tasks[0]!.waits).toMatchObject({ count: 1, total: 4 });
  });
});
