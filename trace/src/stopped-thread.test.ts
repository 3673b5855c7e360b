import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDeadlocks } from "./deadlocks.js";
import { BEFORE_TRACE, LockKind } from "./schema.js";
import type { TaskState } from "./state.js";
import { naivelyStuck } from "./testing/naive-deadlocks.js";
import { Play } from "./testing/play.js";

/** a and b are of thread 1, c and d of thread 2, main of neither. */
const twoThreads = (text: string, kind?: LockKind) =>
  new Play(kind).inThread(1, "a", "b").inThread(2, "c", "d").play(text).store;

const rings = (text: string, kind?: LockKind) =>
  findDeadlocks(twoThreads(text, kind).live).cycles.map(
    ({ edges, certain }) =>
      `${edges.map(({ from, stopped }) => from.name + (stopped ? "!" : "")).join(" ")}${certain ? "" : "?"}`,
  );

describe("a task whose thread another task has stopped", () => {
  it("keeps what it holds: whom the other waits for may wait for that", () => {
    // a does something else, with 1 in hand; b stops the thread for 2, which c has, who stops his for 1.
    expect(rings("a 1, c 2, b 2=, c 1=")).toEqual(["b c a!"]);
    // The same where c waits without stopping his thread.
    expect(rings("a 1, c 2, b 2=, c 1?")).toEqual(["b c a!"]);
  });

  it("cannot give back what the other waits for", () => {
    expect(rings("a 1, b 1=")).toEqual(["b a!"]);
  });

  it("cannot go on when what it waits for itself is to be had", () => {
    // a waits for 3, which nobody keeps for ever.
    expect(rings("a 1, c 2, d 3, a 3?, b 2=, c 1?")).toEqual(["b c a!"]);
    // It may sleep, or give up: for that, too, its thread must run.
    expect(rings("a 1, c 2, d 3, a 3~, b 2=, c 1?")).toEqual(["b c a!"]);
  });

  it("is certain to be stuck, however many calls it runs side by side", () => {
    const play = new Play().inThread(1, "b").inThread(1, "main").inThread(2, "c");
    const { live } = play.play("main 1, c 2, b 2=, c 1?").store;
    expect(findDeadlocks(live).cycles).toMatchObject([{ certain: true }]);
  });

  it("goes on once the thread does", () => {
    expect(rings("a 1, c 2, b 2=, c 2!, b 2^, b 2, c 1?")).toEqual([]);
  });

  it("goes on if the wait that has stopped the thread may end otherwise", () => {
    // It has a time limit.
    expect(rings("a 1, c 2, b 2~, c 1?")).toEqual([]);
    // c can give up.
    expect(rings("a 1, c 2, b 2=, c 1~")).toEqual([]);
    // c does not wait.
    expect(rings("a 1, c 2, b 2=")).toEqual([]);
    // Of the readers that the writer waits for, one has not stopped.
    expect(rings("a 1r, b 1=", LockKind.rwmutex)).toEqual(["b a!"]);
    expect(rings("a 1, c 2r, d 2r, b 2=, c 1?", LockKind.rwmutex)).toEqual(["b c a!"]);
  });

  it("is another matter than one of a thread that runs", () => {
    expect(rings("a 1, c 2, b 2?, c 1?")).toEqual([]);
    expect(rings("c 1, d 2, b 2=, d 3, a 1?")).toEqual([]);
    // main is of thread 0, which runs.
    expect(rings("main 1, c 2, b 2=, c 1=")).toEqual([]);
  });

  it("may have ended, and left the lock to somebody elsewhere", () => {
    expect(rings("a 1, a ., c 2, b 2=, c 1?")).toEqual([]);
  });

  it("is not who had a lock before the trace began: he may be of any thread", () => {
    const play = new Play().inThread(1, "b").inThread(1, "a");
    play.trace.definitions.task(play.task("a"), 0, 1, 0, BEFORE_TRACE);
    expect(findDeadlocks(play.play("a 1, b 1=").store.live).cycles).toEqual([]);
  });

  it("waits behind, if nobody waits for it", () => {
    const { live } = twoThreads("b 1, c 2, d 3, a 3?, b 2=, c 1?");
    const report = findDeadlocks(live);
    expect(report.cycles.map(({ edges }) => edges.map(({ from }) => from.name))).toEqual([["b", "c"]]);
    expect(report.behind.map(({ name }) => name)).toEqual(["a"]);
  });

  it("is found as a plain look at everybody finds it, whatever happens", () => {
    const tasks = ["a", "b", "c", "d", "e", "f", "main"];
    const step = fc.tuple(
      fc.constantFrom(...tasks),
      fc.constantFrom("1", "2", "3", "4", "5", ...tasks.slice(0, 3)),
      fc.constantFrom("", "", "?", "?", "~", "=", "=", "^", "!", "r", "r?", "r="),
    );
    const kinds = fc.constantFrom(LockKind.mutex, LockKind.rwmutex, LockKind.semaphore);
    let stuck = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 40 }), kinds, (steps, kind) => {
        const text = steps.filter(
          ([, what, how]) =>
            (/\d/.test(what) || how === "?" || how === "^") &&
            (kind === LockKind.rwmutex || !how.startsWith("r")),
        );
        if (text.length === 0) return;
        const play = new Play(kind, 2).inThread(1, "a", "b", "e").inThread(2, "c", "d");
        const { live } = play.play(text.map(([who, what, how]) => `${who} ${what}${how}`).join(", ")).store;
        const { cycles, behind, truncated } = findDeadlocks(live);
        const found = new Set<TaskState>(behind);
        for (const { edges } of cycles) for (const { from } of edges) found.add(from);
        const waiting = ({ waits }: TaskState) => waits.size > 0;
        const names = (some: Iterable<TaskState>) =>
          [...some]
            .filter(waiting)
            .map(({ name }) => name)
            .sort();
        const expected = names(naivelyStuck(live));
        stuck += expected.length;
        if (!truncated) expect(names(found)).toEqual(expected);
        for (const { edges } of cycles) {
          for (const [at, { from, to, wait, stopped }] of edges.entries()) {
            expect(edges[(at + 1) % edges.length]!.from).toBe(to);
            expect(stopped ? wait.task : from).toBe(stopped ? to : wait.task);
          }
        }
      }),
      { seed: 5, numRuns: 1000 },
    );
    expect(stuck).toBeGreaterThan(200);
  });
});
