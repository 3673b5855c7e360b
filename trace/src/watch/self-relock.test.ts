import { describe, expect, it } from "vitest";
import { EndReason, EventKind, LockKind, MarkLevel } from "../schema.js";
import { WatchedPlay } from "../testing/watched-play.js";

const relocks = (play: WatchedPlay) => play.look().filter(({ kind }) => kind === "self-relock");

describe("a task that locks what it holds", () => {
  it("is told once its wait is too long, with both places", () => {
    const play = new WatchedPlay().play("a 1, a 1?");
    expect(play.heard()).toEqual([]);
    const [alarm, ...others] = play.pass(1000).look();
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ kind: "self-relock", time: 2, detail: { certain: false } });
    expect(alarm!.text).toBe(
      'Locked twice: task "a" waits for Mutex "1" (play.ts:2, for 1.0 s), which it has itself (taken at play.ts:1, 1.0 s ago), ' +
        "unless another of its calls is the one that has it",
    );
    expect(relocks(play.pass(5000))).toEqual([]);
  });

  it("is not told of if another of its calls gives the lock back", () => {
    const play = new WatchedPlay().play("a 1, a 1?");
    expect(play.heard()).toEqual([]);
    expect(relocks(play.play("a 1!, a 1^, a 1").pass(2000))).toEqual([]);
  });

  it("is not told of while several calls of it run side by side, as those of the main program may", () => {
    expect(relocks(new WatchedPlay().play("a 1, a 2?, a 1?").pass(2000))).toEqual([]);
    expect(relocks(new WatchedPlay().play("main 1, main 1?").pass(2000))).toEqual([]);
  });

  it("is certain once nothing runs any more", () => {
    const play = new WatchedPlay().play("main 1, main 1?");
    play.trace.row({ kind: EventKind.programEnd, arg: EndReason.stuck });
    const alarms = play.ship().look();
    expect(alarms).toMatchObject([{ kind: "self-relock", detail: { certain: true } }]);
    expect(alarms[0]!.text).toMatch(/^Locked twice: the main program waits for .* which it has itself/);
  });

  it("may take a recursive lock as often as it likes", () => {
    const kind = LockKind.recursiveMutex;
    expect(relocks(new WatchedPlay({ kind }).play("a 1, a 1, a 1, a 1!").pass(2000))).toEqual([]);
  });

  it("is told of when the program has refused it the lock", () => {
    const play = new WatchedPlay().play("a 1");
    const value = play.trace.definitions.string("a task locks again the Mutex that it holds");
    const mark = { kind: EventKind.mark, arg: MarkLevel.error, value };
    play.trace.row({ ...mark, task: play.task("a"), lock: play.lock("1") });
    play.trace.row(mark);
    expect(play.ship().heard()).toEqual([
      'Locked twice: task "a" asked for Mutex "1", which it has already (taken at play.ts:1): it was refused',
    ]);
    expect(play.heard()).toEqual([]);
  });
});
