import { describe, expect, it } from "vitest";
import { LockKind } from "../schema.js";
import { WatchedPlay } from "../testing/watched-play.js";

const thresholds = { heldMs: 100, waitMs: Number.POSITIVE_INFINITY };

describe("a lock held too long", () => {
  it("is told of while it is held, with where it was taken and who waits", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1, b 1?");
    expect(play.pass(90).heard()).toEqual([]);
    const [alarm] = play.pass(20).look();
    expect(alarm).toMatchObject({ kind: "held-too-long", time: 1, detail: { over: false, waiters: 1 } });
    expect(alarm!.text).toBe(
      'Held long: task "a" has had Mutex "1" for 111 ms (taken at play.ts:1); 1 task waits for it',
    );
  });

  it("is told of afterwards, if nobody looked in between", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1").pass(200).play("a 1!").pass(1000);
    expect(play.heard()).toEqual(['Held long: task "a" had Mutex "1" for 201 ms (taken at play.ts:1)']);
  });

  it("is none, however often it is taken for a short time", () => {
    const play = new WatchedPlay({ thresholds });
    for (let i = 0; i < 20; i++) {
      play.play("a 1").pass(50).play("a 1!, b 1").pass(50).play("b 1!");
      expect(play.heard()).toEqual([]);
    }
  });

  it("is told of again only when it has become twice as bad", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1");
    const told: number[] = [];
    for (let i = 0; i < 100; i++) for (const _ of play.pass(10).look()) told.push(play.now);
    expect(told).toEqual([111, 221, 441, 881]);
  });

  it("is no permit of a semaphore, which may be meant to be kept", () => {
    const kind = LockKind.semaphore;
    expect(new WatchedPlay({ thresholds, kind }).play("a 1").pass(1000).heard()).toEqual([]);
  });

  it("is none where rows were lost, of which one may have given it back", () => {
    const play = new WatchedPlay({ thresholds });
    play.trace.flush({ dropped: 1 });
    expect(play.play("a 1").pass(1000).heard()).toEqual([]);
    expect(play.play("a 1, b 1").pass(1000).heard()).toEqual([]);
  });

  it("is none, during or afterwards, for what a debugger has added to it", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1").pass(50);
    const from = play.now;
    play.pass(1000).watch.stoodStill(from, from + 1000);
    expect(play.pass(40).heard()).toEqual([]);
    expect(play.play("a 1!").heard()).toEqual([]);
    expect(play.play("a 1").pass(200).heard()).toHaveLength(1);
  });

  it("may become one when the threshold is lowered", () => {
    const play = new WatchedPlay({ thresholds }).play("a 1").pass(50);
    expect(play.heard()).toEqual([]);
    play.watch.thresholds = { ...thresholds, heldMs: 20 };
    expect(play.heard()).toHaveLength(1);
  });
});
