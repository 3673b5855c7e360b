import { describe, expect, it } from "vitest";
import { LockKind } from "../schema.js";
import { WatchedPlay } from "../testing/watched-play.js";

const inversions = (text: string, kind?: LockKind) =>
  new WatchedPlay(kind === undefined ? {} : { kind })
    .play(text)
    .look()
    .filter((alarm) => alarm.kind === "order-inversion");

/** One after the other, so that nobody ever waits. */
const both = (task: string, first: string, second: string) =>
  `${task} ${first}, ${task} ${second}, ${task} ${second}!, ${task} ${first}!`;

describe("locks taken in opposite orders", () => {
  it("are told of though nobody has waited, with both places of both", () => {
    const [alarm, ...others] = inversions(`${both("a", "1", "2")}, ${both("b", "2", "1")}`);
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ time: 6, locks: [{ name: "2" }, { name: "1" }] });
    expect(alarm!.text).toBe(
      'Locks in opposite orders: task "b" took Mutex "2" (play.ts:5) and then Mutex "1" (play.ts:6); ' +
        'task "a" took Mutex "1" (play.ts:1) and then Mutex "2" (play.ts:2); ' +
        "if they do so at the same time, they may deadlock",
    );
  });

  it("are not, where all take them in one order", () => {
    expect(inversions(`${both("a", "1", "2")}, ${both("b", "1", "2")}, ${both("c", "2", "3")}`)).toEqual([]);
  });

  it("are not, where a task has only one of them at a time", () => {
    expect(inversions("a 1, a 1!, a 2, a 2!, b 2, b 2!, b 1, b 1!")).toEqual([]);
  });

  it("make a circle of three too", () => {
    const steps = `${both("a", "1", "2")}, ${both("b", "2", "3")}`;
    expect(inversions(steps)).toEqual([]);
    expect(inversions(`${steps}, ${both("c", "1", "3")}`)).toEqual([]);
    const [alarm] = inversions(`${steps}, ${both("c", "3", "1")}`);
    expect(alarm!.tasks.map(({ name }) => name)).toEqual(["c", "a", "b"]);
  });

  it("are no danger behind a lock that both have, as long as one of them has it for himself", () => {
    const behind = (gateA: string, gateB: string) =>
      inversions(
        `a ${gateA}, ${both("a", "1", "2")}, a ${gateA}!, b ${gateB}, ${both("b", "2", "1")}, b ${gateB}!`,
        LockKind.rwmutex,
      );
    expect(behind("9", "9")).toEqual([]);
    expect(behind("9", "9r")).toEqual([]);
    expect(behind("9r", "9r")).toHaveLength(1);
    expect(behind("8", "9")).toHaveLength(1);
  });

  it("are a danger as soon as somebody comes without the gate", () => {
    const gated = `a 9, ${both("a", "1", "2")}, a 9!, b 9, ${both("b", "2", "1")}, b 9!`;
    expect(inversions(gated)).toEqual([]);
    expect(inversions(`${gated}, ${both("b", "2", "1")}`)).toHaveLength(1);
  });

  it("are no danger to those who only read what they meet at", () => {
    const rw = LockKind.rwmutex;
    expect(inversions(`${both("a", "1r", "2r")}, ${both("b", "2r", "1r")}`, rw)).toEqual([]);
    expect(inversions(`${both("a", "1r", "2")}, ${both("b", "2", "1r")}`, rw)).toEqual([]);
    expect(inversions(`${both("a", "1r", "2")}, ${both("b", "2", "1")}`, rw)).toHaveLength(1);
  });

  it("are no danger where one of them is only tried, as who has both in turn would not wait", () => {
    expect(inversions(`${both("a", "1", "2")}, b 2, b 1%, b 1!, b 2!`)).toEqual([]);
    // What is tried first is held all the same.
    expect(inversions(`${both("a", "1", "2")}, b 2%, b 1, b 1!, b 2!`)).toHaveLength(1);
  });

  it("by one task are a danger to two of its kind", () => {
    const [alarm] = inversions(`${both("a", "1", "2")}, ${both("a", "2", "1")}`);
    expect(alarm).toMatchObject({ detail: { inversion: { sameTask: true } }, tasks: [{ name: "a" }] });
    expect(alarm!.text).toMatch(/; if two tasks do so at the same time, they may deadlock$/);
  });

  it("say nothing where one task may be several calls, as the main program may", () => {
    expect(inversions(`${both("main", "1", "2")}, ${both("b", "2", "1")}`)).toEqual([]);
  });

  it("say nothing of permits, which anybody may give back", () => {
    expect(inversions(`${both("a", "1", "2")}, ${both("b", "2", "1")}`, LockKind.semaphore)).toEqual([]);
  });

  it("say nothing where rows were lost: who seems to have had both may have given one back", () => {
    const play = new WatchedPlay();
    play.trace.flush({ dropped: 1 });
    expect(play.play(`${both("a", "1", "2")}, ${both("b", "2", "1")}`).look()).toEqual([]);
  });

  it("are told once, however often they are taken", () => {
    const play = new WatchedPlay().play(`${both("a", "1", "2")}, ${both("b", "2", "1")}`);
    expect(play.look()).toHaveLength(1);
    play.play(`${both("a", "1", "2")}, ${both("b", "2", "1")}, ${both("c", "2", "1")}`);
    expect(play.look()).toEqual([]);
  });
});
