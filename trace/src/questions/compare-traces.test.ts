import { describe, expect, it } from "vitest";
import { LockKind } from "../schema.js";
import { Play } from "../testing/play.js";
import { compareTraces } from "./compare-traces.js";

/** A play whose locks are made where `places` says. */
function playOf(places: Record<string, [file: string, line: number]>, text: string) {
  const play = new Play();
  for (const [name, [file, line]] of Object.entries(places)) {
    play.trace.definitions.lock(play.lock(name), LockKind.mutex, play.trace.site(file, line), name);
  }
  return play.play(text).store;
}

const contended = (ms: number) => new Play().play("a 1, b 1?").pass(ms).play("a 1!, b 1^, b 1, b 1!").store;

describe("compareTraces", () => {
  it("says of each lock what has become of it", () => {
    const { before, after, locks } = compareTraces(contended(10), contended(4));
    expect(before.duration - after.duration).toBe(6);
    expect(before).toMatchObject({ events: after.events, tasks: 2, locks: 1 });
    expect(locks).toHaveLength(1);
    expect(locks[0]).toMatchObject({
      kind: LockKind.mutex,
      name: "1",
      before: { uses: 2, contended: 1, totalWait: 12, maxHold: 12 },
      after: { uses: 2, contended: 1, totalWait: 6, maxHold: 6 },
      change: { uses: 0, contended: 0, totalWait: -6, maxWait: -6, totalHold: -6, maxHold: -6 },
    });
  });

  it("knows new locks and those that are gone", () => {
    const { locks } = compareTraces(
      new Play().play("a 1, a 2").store,
      new Play().play("a 1, a 3, a 3!").store,
    );
    const there = locks.map(({ name, before, after }) => [name, before !== undefined, after !== undefined]);
    expect(there.sort()).toEqual([
      ["1", true, true],
      ["2", true, false],
      ["3", false, true],
    ]);
    expect(locks.find(({ name }) => name === "3")!.change.uses).toBe(1);
  });

  it("keeps locks of one name apart by where they are made, until only the name is left", () => {
    const old = playOf({ 1: ["/app/x.ts", 5], 2: ["/app/y.ts", 7], 3: ["/app/z.ts", 9] }, "a 1, a 2, a 3");
    // 1 is where it was, 2 has moved down, 3 is called 4 now.
    const now = playOf({ 1: ["/app/x.ts", 5], 2: ["/ci/y.ts", 8], 4: ["/app/z.ts", 9] }, "a 1, a 2, a 4");
    const { locks } = compareTraces(old, now);
    const pairs = locks.map(({ name, before, after, site }) => [name, before && 1, after && 1, site?.line]);
    expect(pairs.sort()).toEqual([
      ["1", 1, 1, 5],
      ["2", 1, 1, 8],
      ["3", 1, undefined, 9],
      ["4", undefined, 1, 9],
    ]);
  });

  it("takes locks of one name and place as one: which of them is which, no run says", () => {
    const many = (count: number) => {
      const play = new Play();
      const site = play.trace.site("/app/x.ts", 3);
      for (let i = 0; i < count; i++) {
        play.trace.definitions.lock(play.lock(`${i}`), LockKind.mutex, site, "account");
        play.play(`a ${i}, a ${i}!`);
      }
      return play.store;
    };
    const { locks } = compareTraces(many(2), many(5));
    expect(locks).toHaveLength(1);
    expect(locks[0]!.change.uses).toBe(3);
    expect(locks[0]!.after!.locks).toHaveLength(5);
  });

  it("counts what is under way up to the end, and puts the greatest change first", () => {
    const calm = new Play().play("a 1, a 1!, b 2, b 2!").pass(100).play("c 3").store;
    const stuck = new Play().play("a 1, a 1!, b 2, c 2?").pass(100).play("d 3").store;
    const { locks } = compareTraces(calm, stuck);
    expect(locks[0]).toMatchObject({ name: "2", change: { totalWait: 101, maxHold: 101 } });
  });

  it("finds no difference between a trace and itself", () => {
    const store = contended(3);
    for (const { change } of compareTraces(store, store).locks) {
      expect(Object.values(change).every((value) => value === 0)).toBe(true);
    }
  });
});
