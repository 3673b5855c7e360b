import { describe, expect, it } from "vitest";
import { LockKind } from "../schema.js";
import { WatchedPlay } from "../testing/watched-play.js";

const thresholds = { heldMs: Number.POSITIVE_INFINITY, waitMs: 100 };

describe("a task that waits too long", () => {
  it("is told of while it waits, with who has the lock", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1, b 1?, c 1?");
    expect(play.pass(90).heard()).toEqual([]);
    const [alarm, ...others] = play.pass(20).look();
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ kind: "starving", time: 2, tasks: [{ name: "b" }] });
    expect(alarm!.text).toBe(
      'Waiting long: task "b" has waited 111 ms for Mutex "1" (play.ts:2), ' +
        'held by task "a" (taken at play.ts:1, 112 ms ago); 1 more task in the queue',
    );
  });

  it("is told of though others take turns at the lock", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1, b 1?");
    const told: string[] = [];
    for (let i = 0; i < 5; i++)
      told.push(...play.play("a 1!, c 1").pass(15).play("c 1!, a 1").pass(15).heard());
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Waiting long: task "b" has waited 1\d\d ms for Mutex "1"/);
  });

  it("is told of afterwards, if nobody looked in between", () => {
    const play = new WatchedPlay({ thresholds })
      .play("a 1, b 1?")
      .pass(200)
      .play("a 1!, b 1^, b 1")
      .pass(1000);
    expect(play.heard()).toEqual(['Waiting long: task "b" waited 202 ms for Mutex "1" (play.ts:2)']);
  });

  it("is none whose turn comes in time", () => {
    const play = new WatchedPlay({ thresholds });
    for (let i = 0; i < 20; i++) {
      play.play("a 1, b 1?").pass(50).play("a 1!, b 1^, b 1, b 1!");
      expect(play.heard()).toEqual([]);
    }
  });

  it("is none who waits for news: a channel, another task", () => {
    const play = new WatchedPlay({ thresholds, kind: LockKind.channel }).play("b a?, a 1");
    expect(play.pass(1000).heard()).toEqual([]);
  });

  it("is none in a deadlock, which has an alarm of its own", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1, b 2, a 2?, b 1?, c 1?");
    expect(play.look().map(({ kind }) => kind)).toEqual(["deadlock"]);
    expect(play.pass(1000).heard()).toEqual([]);
  });
});
