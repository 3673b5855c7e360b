import { describe, expect, it } from "vitest";
import { EndReason, EventKind, LockKind, Mode } from "../schema.js";
import { WatchedPlay } from "../testing/watched-play.js";

function end(play: WatchedPlay, arg: number): string[] {
  play.trace.row({ kind: EventKind.programEnd, arg });
  return play.ship().heard();
}

describe("tasks left waiting", () => {
  it("are told of when nothing can run any more, those of one place together", () => {
    const play = new WatchedPlay();
    const jobs = play.lock("jobs", LockKind.channel);
    const site = play.trace.site("/app/w.ts", 7);
    for (const name of ["x", "y", "z"]) {
      play.trace.row({ kind: EventKind.block, arg: Mode.receive, task: play.task(name), lock: jobs, site });
    }
    play.trace.row({ kind: EventKind.block, arg: Mode.send, task: play.task("s"), lock: jobs });
    expect(play.ship().heard()).toEqual([]);
    expect(end(play, EndReason.stuck)).toEqual([
      'Left waiting when the program ended: task "x" waits to receive from Channel "jobs" (w.ts:7, for less than 1 ms); so do 2 more tasks',
      'Left waiting when the program ended: task "s" waits to send to Channel "jobs" (for less than 1 ms)',
    ]);
    expect(play.pass(1000).heard()).toEqual([]);
  });

  it("name all cases of a select", () => {
    const play = new WatchedPlay();
    const [a, b] = [play.lock("a", LockKind.channel), play.lock("b", LockKind.channel)];
    const task = play.task("t");
    play.trace.row({ kind: EventKind.block, arg: Mode.selectReceive, task, lock: a });
    play.trace.row({ kind: EventKind.block, arg: Mode.selectSend, task, lock: b });
    const [text] = end(play, EndReason.stuck);
    expect(text).toContain('task "t" waits to receive from Channel "a" or send to Channel "b"');
  });

  it("name a holder that has ended without giving the lock back", () => {
    const [text] = end(new WatchedPlay().play("a 1, a ., b 1?"), EndReason.stuck);
    expect(text).toContain('held by task "a" (taken at play.ts:1, 2 ms ago; it has ended)');
  });

  it("are none where all have what they waited for", () => {
    expect(
      end(new WatchedPlay().play("a 1, b 1?, a 1!, b 1^, b 1, b 1!, a ., b ."), EndReason.stuck),
    ).toEqual([]);
  });

  it("are none of a program that was ended from within, or failed", () => {
    for (const reason of [EndReason.exit, EndReason.uncaught, EndReason.detached]) {
      expect(end(new WatchedPlay().play("a 1, b 1?"), reason)).toEqual([]);
    }
  });

  it("are left to the alarm of their deadlock", () => {
    const play = new WatchedPlay().play("a 1, b 2, a 2?, b 1?, c 1?");
    expect(play.look().map(({ kind }) => kind)).toEqual(["deadlock"]);
    expect(end(play, EndReason.stuck)).toEqual([]);
  });
});
