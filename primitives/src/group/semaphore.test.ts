import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "../../testing/programs.js";
import { Recorder } from "../../testing/recorder.js";
import { expectParked, settled } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import { background, withCancel, withTimeout } from "../context.js";
import { Semaphore } from "../group.js";
import { go, gosched, SyncError } from "../index.js";
import { plugIn } from "../runtime/registry.js";

describe("Semaphore", () => {
  // Go: semaphore/semaphore_test.go TestWeighted
  it("TestWeighted: tasks that take as many as they are long never have more than there are", async () => {
    const n = 8;
    const sem = new Semaphore(n);
    let held = 0;
    const hammer = async (permits: number) => {
      for (let i = 0; i < 500; i++) {
        await sem.acquire(permits);
        held += permits;
        expect(held).toBeLessThanOrEqual(n);
        await null;
        held -= permits;
        sem.release(permits);
      }
    };
    await Promise.all(Array.from({ length: n }, (_, i) => go(() => hammer(i + 1)).join()));
    expect([held, sem.available, sem.waiters]).toEqual([0, n, 0]);
  });

  // Go: semaphore/semaphore_test.go TestWeightedPanic
  it("TestWeightedPanic: giving back what nobody has is misuse, and changes nothing", () => {
    const sem = new Semaphore(1, { name: "downloads" });
    expect(() => sem.release()).toThrow(
      expect.objectContaining({
        name: "SyncError",
        message: "semaphore: released more than held",
        code: "semaphore-over-release",
        primitive: "downloads",
      }),
    );
    for (const n of [-1, 0.5, Number.NaN]) expect(() => sem.release(n)).toThrow(SyncError);
    expect(sem.available).toBe(1);
  });

  // Go: semaphore/semaphore_test.go TestWeightedTryAcquire
  it("TestWeightedTryAcquire: takes what is there, and never waits", () => {
    const sem = new Semaphore(2);
    const tries = [sem.tryAcquire()];
    sem.release();
    tries.push(sem.tryAcquire(2), sem.tryAcquire());
    sem.release(2);
    expect([...tries, sem.tryAcquire(), sem.tryAcquire(3)]).toEqual([true, true, false, true, false]);
  });

  // Go: semaphore/semaphore_test.go TestWeightedAcquire
  it("TestWeightedAcquire: who cannot have them by his deadline goes without", () =>
    withVirtualTime(async (clock) => {
      const sem = new Semaphore(2);
      const tryFor = async (n: number) => {
        const [ctx, cancel] = withTimeout(background(), 10);
        const got = sem.acquire(n, ctx).then(
          () => true,
          () => false,
        );
        await clock.advance(10);
        cancel();
        return got;
      };
      const tries = [await tryFor(1)];
      sem.release();
      tries.push(await tryFor(2), await tryFor(1));
      sem.release(2);
      tries.push(await tryFor(1));
      expect(tries).toEqual([true, true, false, true]);
    }));

  // Go: semaphore/semaphore_test.go TestWeightedDoesntBlockIfTooBig
  it("TestWeightedDoesntBlockIfTooBig: who wants more than there are is in nobody's way", async () => {
    const sem = new Semaphore(2);
    const [ctx, cancel] = withCancel(background());
    const tooBig = sem.acquire(3, ctx);
    await sem.acquire(1);
    await sem.acquire(1);
    sem.release(2);
    await expectParked(tooBig);
    expect(sem.waiters).toBe(0);
    cancel();
    await expect(tooBig).rejects.toBe(ctx.err);
    expect(sem.available).toBe(2);
  });

  // Go: semaphore/semaphore_test.go TestLargeAcquireDoesntStarve
  it("TestLargeAcquireDoesntStarve: a stream of small requests does not keep out a large one", async () => {
    const n = 5;
    const sem = new Semaphore(n);
    let running = true;
    const small = Array.from({ length: n }, () =>
      go(async () => {
        while (running) {
          await sem.acquire();
          await gosched();
          sem.release();
        }
      }),
    );
    await settled();
    await sem.acquire(n);
    running = false;
    sem.release(n);
    await Promise.all(small.map((task) => task.join()));
    expect(sem.available).toBe(n);
  });

  // Go: semaphore/semaphore_test.go TestAllocCancelDoesntStarve
  it("TestAllocCancelDoesntStarve: when the first in line leaves, those behind him get their turn", async () => {
    const sem = new Semaphore(10);
    await sem.acquire();
    const [ctx, cancel] = withCancel(background());
    const large = sem.acquire(10, ctx);
    const behind = [sem.acquire(), sem.acquire()];
    await expectParked(behind[0]!);
    cancel();
    await expect(large).rejects.toBe(ctx.err);
    await Promise.all(behind);
    expect(sem.available).toBe(7);
  });

  // Go: semaphore/semaphore_test.go TestWeightedAcquireCanceled (issue 63615)
  it("TestWeightedAcquireCanceled: an end beats permits that come afterwards, and none is lost", async () => {
    const sem = new Semaphore(2);
    await sem.acquire();
    const [ctx, cancel] = withCancel(background());
    const both = sem.acquire(2, ctx);
    cancel();
    sem.release();
    await expect(both).rejects.toBe(ctx.err);
    expect(sem.tryAcquire(2)).toBe(true);
  });

  it("an end between the grant and the moment the caller goes on counts too", async () => {
    const sem = new Semaphore(1);
    await sem.acquire();
    const [ctx, cancel] = withCancel(background());
    const waiting = sem.acquire(1, ctx);
    const next = sem.acquire();
    sem.release();
    expect(sem.waiters, "granted").toBe(1);
    cancel();
    await expect(waiting).rejects.toBe(ctx.err);
    await next;
  });

  it("an end that has come already beats permits that are there", async () => {
    const sem = new Semaphore(1);
    const reason = new Error("no");
    await expect(sem.acquire(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const never = () => expect.unreachable();
    await expect(sem.withPermit(never, 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(sem.available).toBe(1);
  });

  it("withPermit gives back what it took, whether the function returned or threw", async () => {
    const sem = new Semaphore(3);
    expect(await sem.withPermit(() => sem.available)).toBe(2);
    expect(await sem.withPermit(async () => sem.available, 3)).toBe(0);
    const thrown = sem.withPermit(() => {
      throw new Error("inside");
    }, 2);
    await expect(thrown).rejects.toThrow("inside");
    expect(sem.available).toBe(3);
  });

  it("takes whole numbers only", async () => {
    for (const n of [-1, 0.5, Number.NaN]) {
      expect(() => new Semaphore(n)).toThrow(RangeError);
      const sem = new Semaphore(1);
      await expect(sem.acquire(n)).rejects.toThrow(RangeError);
      expect(sem.tryAcquire(n)).toBe(false);
    }
    const none = new Semaphore(0);
    await none.acquire(0);
    expect(none.tryAcquire()).toBe(false);
  });

  it("ten thousand waiters on one signal leave at once, in order", async () => {
    const sem = new Semaphore(1);
    await sem.acquire();
    const [ctx, cancel] = withCancel(background());
    const order: number[] = [];
    for (let i = 0; i < 10_000; i++) sem.acquire(1, ctx).catch(() => order.push(i));
    expect(sem.waiters).toBe(10_000);
    cancel();
    expect(sem.waiters).toBe(0);
    await settled();
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  });

  it("tells the instrument of permits", async () => {
    const recorder = new Recorder();
    plugIn(recorder);
    try {
      const sem = new Semaphore(3, { name: "sem" });
      await sem.acquire(2);
      sem.tryAcquire(2);
      const waiting = sem.acquire(3);
      sem.release(2);
      await waiting;
      expect(recorder.take()).toEqual([
        "created sem",
        "acquire sem 2",
        "acquireFailed sem 2",
        "main parked: acquire sem",
        "release sem 2",
        "main readied: acquire",
      ]);
    } finally {
      plugIn(null);
    }
  });
});

describe("Semaphore against a model", () => {
  type Step = { act: "acquire" | "tryAcquire" | "release" | "abort"; n: number; who: number };

  it("is a number and a line, whatever the program", async () => {
    const size = 4;
    const step: fc.Arbitrary<Step> = fc.record({
      act: fc.constantFrom("acquire", "tryAcquire", "release", "abort"),
      n: fc.nat({ max: size + 1 }),
      who: fc.nat({ max: 20 }),
    });
    await checkPrograms(step, () => {
      const sem = new Semaphore(size);
      const calls = new Calls();
      const line: { call: number; n: number }[] = [];
      const gone: number[] = [];
      const granted: number[] = [];
      let free = size;
      const admit = () => {
        while (line.length > 0 && line[0]!.n <= free) {
          const { call, n } = line.shift()!;
          free -= n;
          granted.push(call);
        }
      };
      return {
        step({ act, n, who }) {
          if (act === "acquire") {
            const call = calls.begin((options) => sem.acquire(n, options));
            if (n <= size) line.push({ call, n });
            else gone.push(call);
            admit();
          } else if (act === "tryAcquire") {
            const fits = n <= free && line.length === 0;
            expect(sem.tryAcquire(n)).toBe(fits);
            if (fits) free -= n;
          } else if (act === "release") {
            if (free + n > size) expect(() => sem.release(n)).toThrow(SyncError);
            else {
              sem.release(n);
              free += n;
              admit();
            }
          } else if (line.length > 0) {
            const [{ call }] = line.splice(who % line.length, 1) as [(typeof line)[0], ...typeof line];
            calls.abort(call);
            gone.push(call);
            admit();
          }
          expect([sem.available, sem.waiters]).toEqual([free, line.length]);
        },
        end() {
          expect(calls.returned).toEqual(granted);
          for (const { call } of line) calls.abort(call);
        },
      };
    });
  });

  it("never has more holders than permits, whatever the order in which tasks go on", () =>
    underManyOrders(async (pause) => {
      const sem = new Semaphore(2);
      let held = 0;
      const section = async (n: number) => {
        await pause(`arrives with ${n}`);
        await sem.withPermit(async () => {
          held += n;
          expect(held).toBeLessThanOrEqual(2);
          await pause("works");
          held -= n;
        }, n);
      };
      await Promise.all([1, 2, 1, 2, 1].map(section));
      expect(sem.available).toBe(2);
    }));

  it("cancel at every turn: either it has its permits or it has none", async () => {
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      const sem = new Semaphore(3);
      await sem.acquire(2);
      const large = sem.acquire(3, { signal }).then(
        () => 3,
        (error: unknown) => {
          expect(error).toBe(reason);
          return 0;
        },
      );
      const small = sem.acquire(1);
      await null;
      sem.release(2);
      const got = await large;
      sem.release(got);
      await small;
      expect([sem.available, sem.waiters]).toEqual([2, 0]);
    });
    expect(turns).toBeGreaterThan(3);
  });
});
