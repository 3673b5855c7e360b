import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventKind, LockKind } from "../schema.js";
import { Play } from "../testing/play.js";
import { WatchedPlay } from "../testing/watched-play.js";
import { Watch } from "./watch.js";

const troubled = () =>
  new Play()
    .play("a 1, a 2, a 2!, a 1!, b 2, b 1, b 1!, b 2!, c 3, d 3?")
    .pass(2000)
    .play("c 3!, d 3^, d 3, d 3!, x 8, y 9, x 9?, y 8?, z 7");

describe("Watch", () => {
  it("that comes late has the same to say as one that was there from the beginning", () => {
    const { store, now } = troubled();
    const late = new Watch().look(store, now);
    const early = new WatchedPlay();
    early.play("a 1, a 2, a 2!, a 1!, b 2, b 1, b 1!, b 2!, c 3, d 3?").pass(2000);
    early.play("c 3!, d 3^, d 3, d 3!, x 8, y 9, x 9?, y 8?, z 7");
    expect(late.map(({ text }) => text)).toEqual(early.heard());
    expect(late.map(({ kind }) => kind)).toEqual([
      "deadlock",
      "order-inversion",
      "held-too-long",
      "starving",
    ]);
    for (const { tasks, locks } of late) {
      for (const task of tasks) expect(task).toBe(store.live.findTask(task.id));
      for (const lock of locks) expect(lock).toBe(store.live.findLock(lock.id));
    }
  });

  it("goes on from there", () => {
    const play = new Play().play("a 1, b 2, a 2?");
    const watch = new Watch();
    expect(watch.look(play.store, play.now)).toEqual([]);
    play.play("b 1?");
    expect(watch.look(play.store, play.now)).toMatchObject([{ kind: "deadlock" }]);
  });

  it("does not look at anything when nothing has changed", () => {
    const play = new WatchedPlay().play("a 1, b 1?");
    expect(play.heard()).toEqual([]);
    const { live } = play.store;
    const untouched = new Proxy(play.store, {
      get(store, key) {
        if (key !== "live") return Reflect.get(store, key) as unknown;
        return { graphVersion: live.graphVersion };
      },
    });
    expect(play.watch.look(untouched, play.now + 500)).toEqual([]);
  });

  it("takes any rows at all, and says nothing twice", () => {
    const id = fc.integer({ min: 0, max: 5 });
    const row = fc.record({
      kind: fc.integer({ min: 0, max: 24 }) as fc.Arbitrary<EventKind>,
      arg: fc.integer({ min: 0, max: 50 }),
      task: id,
      lock: id,
      site: id,
      gap: fc.integer({ min: -2, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 150 }), (rows) => {
        const play = new WatchedPlay({ thresholds: { heldMs: 500, waitMs: 500 } });
        for (const kind of [1, 2, 4, 7, 11] as LockKind[]) play.lock(`${kind}`, kind);
        const told = new Set<string>();
        for (const [at, { gap, ...fields }] of rows.entries()) {
          play.trace.time = Math.max(0, play.trace.time + gap);
          if (gap < 0) play.trace.flush();
          play.trace.row(fields);
          if (at % 10 !== 0) continue;
          for (const { kind, text, lines, tasks } of play.ship().look()) {
            expect(lines.length).toBeGreaterThan(1);
            expect(tasks.length).toBeGreaterThan(0);
            if (kind === "deadlock") expect(told.has(text)).toBe(false);
            told.add(text);
          }
          expect(play.look()).toEqual([]);
        }
        new Watch().look(play.ship().store, play.now);
      }),
      { numRuns: 200 },
    );
  });
});
