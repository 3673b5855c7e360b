import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "../../testing/programs.js";
import { expectParked, settled } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import { background, DeadlineExceededError, withTimeout } from "../context.js";
import { CyclicBarrier } from "../group.js";
import { go, SyncError } from "../index.js";

/** How many of `outcomes` were rejected with an instance of each class. */
function countEnds(outcomes: PromiseSettledResult<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.status === "fulfilled" ? "fulfilled" : (outcome.reason as Error).name;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe("CyclicBarrier", () => {
  // Go: cyclicbarrier_test.go TestNew, TestNewWithAction
  it("TestNew, TestNewWithAction: begins empty and whole; nobody is no party", () => {
    for (const barrier of [new CyclicBarrier(10), new CyclicBarrier(10, () => {})]) {
      expect([barrier.parties, barrier.waiting, barrier.broken]).toEqual([10, 0, false]);
    }
    for (const parties of [0, -1, 1.5, Number.NaN]) {
      expect(() => new CyclicBarrier(parties)).toThrow(
        expect.objectContaining({ name: "SyncError", message: "parties must be positive number" }),
      );
    }
  });

  // Go: cyclicbarrier_test.go TestAwaitOnce
  it("TestAwaitOnce: all go on when the last has come, each with his index", async () => {
    const n = 100;
    const barrier = new CyclicBarrier(n);
    const early = Array.from({ length: n - 1 }, () => barrier.wait());
    expect(barrier.waiting).toBe(n - 1);
    await expectParked(early[0]!);
    expect(await Promise.all([...early, barrier.wait()])).toEqual(
      Array.from({ length: n }, (_, i) => n - 1 - i),
    );
    expect([barrier.waiting, barrier.broken]).toEqual([0, false]);
  });

  // Go: cyclicbarrier_test.go TestAwaitMany, TestAwaitAction
  it("TestAwaitMany, TestAwaitAction: round after round, the action once in each, before anybody goes on", async () => {
    const [n, rounds] = [20, 200];
    let actions = 0;
    const barrier = new CyclicBarrier(n, () => actions++);
    const tasks = Array.from({ length: n }, () =>
      go(async () => {
        for (let round = 1; round <= rounds; round++) {
          await barrier.wait();
          expect(actions).toBe(round);
        }
      }),
    );
    await Promise.all(tasks.map((task) => task.join()));
    expect(actions).toBe(rounds);
  });

  // Go: cyclicbarrier_test.go TestAwaitOnceCtxDone
  it("TestAwaitOnceCtxDone: one whose time is over breaks the round for all", () =>
    withVirtualTime(async (clock) => {
      const barrier = new CyclicBarrier(10);
      const [ctx] = withTimeout(background(), 100);
      const all = Promise.allSettled([barrier.wait(ctx), ...Array.from({ length: 8 }, () => barrier.wait())]);
      await clock.advance(100);
      expect(countEnds(await all)).toEqual({ DeadlineExceededError: 1, BrokenBarrierError: 8 });
      expect([barrier.broken, barrier.waiting]).toEqual([true, 0]);
      await expect(barrier.wait()).rejects.toThrow("broken barrier");
    }));

  // Go: cyclicbarrier_test.go TestAwaitManyCtxDone
  it("TestAwaitManyCtxDone: in the middle of many rounds too", () =>
    withVirtualTime(async (clock) => {
      const n = 5;
      const barrier = new CyclicBarrier(n);
      const [ctx] = withTimeout(background(), 100);
      const loop = async (times: number) => {
        for (let i = 0; i < times; i++) await barrier.wait(ctx);
      };
      const all = Promise.allSettled(Array.from({ length: n }, (_, i) => loop(i === 0 ? 7 : 100)));
      await settled();
      await clock.advance(100);
      const ends = countEnds(await all);
      expect(ends.fulfilled).toBe(1);
      expect(ends.DeadlineExceededError).toBeGreaterThanOrEqual(1);
      expect((ends.DeadlineExceededError ?? 0) + (ends.BrokenBarrierError ?? 0)).toBe(n - 1);
      expect(barrier.broken).toBe(true);
    }));

  // Go: cyclicbarrier_test.go TestReset
  it("TestReset: fails those who wait and begins anew", async () => {
    const barrier = new CyclicBarrier(3);
    const all = Promise.allSettled([barrier.wait(), barrier.wait()]);
    barrier.reset();
    expect(countEnds(await all)).toEqual({ BrokenBarrierError: 2 });
    expect([barrier.broken, barrier.waiting]).toEqual([false, 0]);
    await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()]);
  });

  // Go: cyclicbarrier_test.go TestAwaitErrorInActionThenReset
  it.each([false, true])("TestAwaitErrorInActionThenReset (asynchronous: %s)", async (asynchronous) => {
    let failing = true;
    const error = new Error("test error");
    const barrier = new CyclicBarrier(10, () => {
      if (!failing) return;
      if (asynchronous) return Promise.reject(error);
      throw error;
    });
    const all = () => Promise.allSettled(Array.from({ length: 10 }, () => barrier.wait()));
    const outcomes = await all();
    expect(countEnds(outcomes)).toEqual({ Error: 1, BrokenBarrierError: 9 });
    expect(outcomes[9]).toEqual({ status: "rejected", reason: error });
    expect(barrier.broken).toBe(true);
    barrier.reset();
    failing = false;
    expect(countEnds(await all())).toEqual({ fulfilled: 10 });
  });

  // Go: cyclicbarrier_test.go TestAwaitTooMuchGoroutines
  it("TestAwaitTooMuchGoroutines: who comes while the action runs is one too many", async () => {
    let end = () => {};
    const barrier = new CyclicBarrier(2, () => new Promise<void>((resolve) => (end = resolve)));
    const round = [barrier.wait(), barrier.wait()];
    await expect(barrier.wait()).rejects.toThrow("CyclicBarrier.Await is called more than count of parties");
    await expect(barrier.wait()).rejects.toBeInstanceOf(SyncError);
    end();
    expect(await Promise.all(round)).toEqual([1, 0]);
  });

  it("who goes on may arrive at once at the next round", async () => {
    const barrier = new CyclicBarrier(2, () => {});
    const twice = async () => [await barrier.wait(), await barrier.wait()];
    const [a, b] = [twice(), twice()];
    expect([await a, await b]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it("a signal breaks the round that its waiter is in, never the next one", async () => {
    const barrier = new CyclicBarrier(2);
    const controller = new AbortController();
    const first = barrier.wait({ signal: controller.signal });
    const second = barrier.wait();
    const next = barrier.wait();
    controller.abort(new Error("too late"));
    expect(await Promise.all([first, second])).toEqual([1, 0]);
    expect([barrier.broken, barrier.waiting]).toEqual([false, 1]);
    await barrier.wait();
    await next;
  });

  it("a signal that has aborted before breaks nothing and counts nobody", async () => {
    const barrier = new CyclicBarrier(2);
    const first = barrier.wait();
    await expect(barrier.wait({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect([barrier.broken, barrier.waiting]).toEqual([false, 1]);
    await barrier.wait();
    await first;
  });

  it.each(["reset", "abort"] as const)("a %s while the action runs: nobody goes on", async (how) => {
    let end = () => {};
    const barrier = new CyclicBarrier(2, () => new Promise<void>((resolve) => (end = resolve)));
    const controller = new AbortController();
    const all = Promise.allSettled([barrier.wait(controller), barrier.wait()]);
    if (how === "reset") barrier.reset();
    else controller.abort(new DeadlineExceededError());
    end();
    const first = how === "reset" ? "BrokenBarrierError" : "DeadlineExceededError";
    expect((await all).map((each) => each.status === "rejected" && each.reason.name)).toEqual([
      first,
      "BrokenBarrierError",
    ]);
    expect(barrier.broken).toBe(how === "abort");
  });

  it("cancel at every turn: all of a round go on, or none", async () => {
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      const barrier = new CyclicBarrier(3, async () => {
        await null;
      });
      const first = barrier.wait({ signal });
      const second = barrier.wait();
      await null;
      await null;
      const third = barrier.wait();
      // Who was aborted before he came has not come; the others need one more.
      if (barrier.waiting === 2) barrier.reset();
      const [ended, ...others] = await Promise.allSettled([first, second, third]);
      if (ended.status === "fulfilled") {
        expect(countEnds(others)).toEqual({ fulfilled: 2 });
      } else {
        expect(ended.reason).toBe(reason);
        expect(countEnds(others)).toEqual({ BrokenBarrierError: 2 });
      }
    });
    expect(turns).toBeGreaterThan(3);
  });
});

describe("CyclicBarrier against a model", () => {
  type Step = { act: "wait" | "abort" | "reset"; who: number };

  it("is a line that empties when it is long enough, whatever the program", async () => {
    const parties = 3;
    const step: fc.Arbitrary<Step> = fc.record({
      act: fc.oneof(
        { weight: 4, arbitrary: fc.constant("wait" as const) },
        fc.constantFrom("abort", "reset"),
      ),
      who: fc.nat({ max: 5 }),
    });
    await checkPrograms(step, () => {
      const barrier = new CyclicBarrier(parties);
      const calls = new Calls<number>();
      let line: number[] = [];
      let broken = false;
      const returned: number[] = [];
      const rejected: number[] = [];
      return {
        step({ act, who }) {
          if (act === "wait") {
            const call = calls.begin((options) => barrier.wait(options));
            if (broken) rejected.push(call);
            else if (line.push(call) === parties) {
              returned.push(...line);
              line = [];
            }
          } else if (act === "reset") {
            barrier.reset();
            rejected.push(...line);
            line = [];
            broken = false;
          } else if (line.length > 0) {
            calls.abort(line[who % line.length]!);
            rejected.push(...line);
            line = [];
            broken = true;
          }
          expect([barrier.waiting, barrier.broken]).toEqual([line.length, broken]);
        },
        end() {
          const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
          expect(sorted(calls.returned)).toEqual(sorted(returned));
          expect(sorted(calls.rejected)).toEqual(sorted(rejected));
        },
      };
    });
  });

  it("nobody is a round ahead of another, whatever the order in which tasks go on", () =>
    underManyOrders(async (pause) => {
      const barrier = new CyclicBarrier(3);
      const rounds = [0, 0, 0];
      const run = async (who: number) => {
        for (let round = 0; round < 3; round++) {
          await pause(`${who} works`);
          rounds[who]!++;
          await barrier.wait();
          expect(Math.min(...rounds)).toBeGreaterThan(round);
        }
      };
      await Promise.all([0, 1, 2].map(run));
    }));
});
