import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn } from "../../testing/programs.js";
import { settled } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import {
  background,
  type Context,
  cause,
  DeadlineExceededError,
  fromSignal,
  withCancel,
  withTimeout,
} from "../context.js";
import { currentTask, numTasks, sleep } from "../index.js";
import { all, last, race, settle, take } from "../orchestrate.js";

/** Work that takes so long; it writes down what its context told it. */
const after =
  <T>(ms: number, value: T, log: unknown[] = []) =>
  async (ctx: Context): Promise<T> => {
    try {
      await sleep(ms, ctx);
    } catch (error) {
      log.push(error);
      throw error;
    }
    return value;
  };
const failing = (ms: number, error: unknown) => async (ctx: Context) => {
  await sleep(ms, ctx);
  throw error;
};
const nobody = undefined as unknown as Context;

/** Lets `ms` pass, and gives the outcome of `promise`. */
const within = async <T>(clock: { advance(ms: number): Promise<void> }, ms: number, promise: Promise<T>) => {
  const outcome = Promise.allSettled([promise]);
  await clock.advance(ms);
  return (await outcome)[0];
};

describe("settle", () => {
  // gollback: gollback_test.go TestAll
  it("TestAll: outcomes, errors and all, in the order of the work", () =>
    withVirtualTime(async (clock) => {
      const error = new Error("failed");
      const end = settle<unknown>(background(), after(30, "slow"), failing(10, error), () => "at once");
      await clock.advance(30);
      expect(await end).toEqual([
        { status: "fulfilled", value: "slow" },
        { status: "rejected", reason: error },
        { status: "fulfilled", value: "at once" },
      ]);
      expect(await settle(background())).toEqual([]);
    }));

  // gollback: gollback_test.go TestAllNilContext
  it("TestAllNilContext", async () => {
    await expect(settle(nobody, () => 1)).rejects.toThrow("nil context provided");
  });

  it("waits for the work also when its context ends", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 10);
      const log: unknown[] = [];
      const end = settle<unknown>(ctx, after(20, "heeds", log), async () => {
        await sleep(30);
        return "does not";
      });
      await clock.advance(30);
      expect(await end).toEqual([
        { status: "rejected", reason: ctx.err },
        { status: "fulfilled", value: "does not" },
      ]);
      expect(log).toEqual([ctx.err]);
    }));
});

describe("race", () => {
  // gollback: gollback_test.go TestRace
  it("TestRace: the first success wins and cancels the rest", () =>
    withVirtualTime(async (clock) => {
      const log: unknown[] = [];
      const end = race(
        background(),
        failing(5, new Error("early")),
        after(20, "slow", log),
        after(10, "fast"),
      );
      expect(await within(clock, 10, end)).toEqual({ status: "fulfilled", value: "fast" });
      await settled();
      expect(log).toMatchObject([{ message: "context canceled" }]);
      expect(clock.pending).toBe(0);
    }));

  it("TestRace: when all fail it is the last error", () =>
    withVirtualTime(async (clock) => {
      const [one, two] = [new Error("one"), new Error("two")];
      const end = race(background(), failing(20, two), failing(10, one));
      expect(await within(clock, 20, end)).toEqual({ status: "rejected", reason: two });
    }));

  it("TestRace: of none there is no winner", async () => {
    await expect(race(background())).rejects.toMatchObject({
      name: "SyncError",
      message: "no callback to run",
    });
  });

  // gollback: gollback_test.go TestRaceNilContext
  it("TestRaceNilContext", async () => {
    await expect(race(nobody, () => 1)).rejects.toThrow("nil context provided");
  });

  // gollback: gollback_test.go TestRaceTimeout
  it("TestRaceTimeout: does not wait longer than its context, whatever the work does", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 10);
      const end = race(ctx, () => sleep(1000));
      expect(await within(clock, 10, end)).toMatchObject({ reason: expect.any(DeadlineExceededError) });
      await clock.advance(1000);
    }));
});

describe("all", () => {
  // Hunch: hunch_test.go TestAll_ShouldWorksAsExpected, TestAll_WhenOutOfOrder
  it("TestAll_ShouldWorksAsExpected, _WhenOutOfOrder: values in the order of the work", () =>
    withVirtualTime(async (clock) => {
      const end = all(background(), after(30, 1), after(10, 2), after(20, 3));
      expect(await within(clock, 30, end)).toEqual({ status: "fulfilled", value: [1, 2, 3] });
    }));

  // Hunch: hunch_test.go TestAll_WhenRootCtxCanceled
  it("TestAll_WhenRootCtxCanceled", () =>
    withVirtualTime(async (clock) => {
      const [ctx, cancel] = withCancel(background());
      const log: unknown[] = [];
      const end = Promise.allSettled([all(ctx, after(30, 1, log), after(10, 2))]);
      await clock.advance(20);
      cancel();
      expect(await end).toEqual([{ status: "rejected", reason: ctx.err }]);
      await settled();
      expect(log).toEqual([ctx.err]);
      const never = () => expect.unreachable();
      await expect(all(ctx, never), "nothing is started").rejects.toBe(ctx.err);
    }));

  // Hunch: hunch_test.go TestAll_WhenAnySubFunctionFailed
  it("TestAll_WhenAnySubFunctionFailed: the first error is the others' cause", () =>
    withVirtualTime(async (clock) => {
      const error = new Error("failed");
      const log: unknown[] = [];
      let told: Error | undefined;
      const watching = async (ctx: Context) => {
        await ctx.done.receive();
        told = cause(ctx);
      };
      const end = all<unknown>(background(), after(30, 1, log), failing(10, error), watching);
      expect(await within(clock, 10, end)).toEqual({ status: "rejected", reason: error });
      await settled();
      expect([log, told]).toEqual([[error], error]);
    }));

  it("of none is done at once (Hunch hangs)", async () => {
    expect(await all(background())).toEqual([]);
  });

  it("runs each piece in a task that goes by its name", async () => {
    const names = await all(
      background(),
      function first() {
        return currentTask()?.name;
      },
      function second() {
        return currentTask()?.name;
      },
    );
    expect(names).toEqual(["first", "second"]);
  });

  it("cancel at every turn: values or the reason, and no task is left", async () => {
    const before = numTasks();
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      let told = false;
      const work = async (child: Context) => {
        await null;
        await null;
        told ||= child.signal.aborted;
        return 1;
      };
      const [end] = await Promise.allSettled([all(fromSignal(signal), work, work)]);
      if (end.status === "fulfilled") expect(end.value).toEqual([1, 1]);
      else expect(end.reason).toBe(reason);
      if (told) expect(end.status).toBe("rejected");
    });
    expect(turns).toBeGreaterThan(3);
    await settled();
    expect(numTasks()).toBe(before);
  });
});

describe("take", () => {
  const three = () => [after(20, 1), after(10, 2), after(30, 3)];

  // Hunch: hunch_test.go TestTake_ShouldWorksAsExpected, _ShouldJustTakeAll, _ShouldLimitResults
  it.each([
    [3, [2, 1, 3]],
    [100, [2, 1, 3]],
    [2, [2, 1]],
    [0, []],
    [Number.POSITIVE_INFINITY, [2, 1, 3]],
  ])(
    "TestTake_ShouldWorksAsExpected, _ShouldJustTakeAll, _ShouldLimitResults: the first %d of three",
    (n, values) =>
      withVirtualTime(async (clock) => {
        const end = take(background(), n, ...three());
        expect(await within(clock, 30, end)).toEqual({ status: "fulfilled", value: values });
        await settled();
        expect(clock.pending, "the rest was cancelled").toBe(0);
      }),
  );

  // Hunch: hunch_test.go TestTake_ShouldCancelWhenOneExecutableReturnedError
  it("TestTake_…CancelWhenOneExecutableReturnedError", () =>
    withVirtualTime(async (clock) => {
      const error = new Error("failed");
      const end = take(background(), 3, ...three(), failing(15, error));
      expect(await within(clock, 15, end)).toEqual({ status: "rejected", reason: error });
      expect(clock.pending).toBe(0);
    }));

  // Hunch: hunch_test.go TestTake_ShouldCancelWhenRootCanceled
  it("TestTake_…CancelWhenRootCanceled", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 15);
      const end = take(ctx, 3, ...three());
      expect(await within(clock, 15, end)).toMatchObject({ reason: expect.any(DeadlineExceededError) });
    }));

  it("of no work, and none of any, is done at once (Hunch panics)", async () => {
    expect(await take(background(), 2)).toEqual([]);
    expect(await take(background(), 0, () => expect.unreachable())).toEqual([]);
    await expect(take(background(), -1, () => 1)).rejects.toThrow(RangeError);
    await expect(take(background(), 0.5, () => 1)).rejects.toThrow(RangeError);
  });
});

describe("last", () => {
  // Hunch: hunch_test.go TestLast
  it("TestLast: the last two of three to end", () =>
    withVirtualTime(async (clock) => {
      const work = [after(20, 1), after(10, 2), after(30, 3)];
      expect(await within(clock, 30, last(background(), 2, ...work))).toMatchObject({ value: [1, 3] });
      expect(await within(clock, 30, last(background(), 9, ...work))).toMatchObject({ value: [2, 1, 3] });
      expect(await within(clock, 30, last(background(), 0, ...work))).toMatchObject({ value: [] });
      const failed = last(background(), 2, ...work, failing(5, new Error("failed")));
      expect(await within(clock, 5, failed)).toMatchObject({ reason: { message: "failed" } });
      expect(clock.pending).toBe(0);
    }));

  it("of none is done at once", async () => {
    expect(await last(background(), 2)).toEqual([]);
  });
});

describe("cancel at every turn", () => {
  const ends = async (_: Context) => {
    await null;
    return 1;
  };
  const fails = async (_: Context): Promise<number> => {
    await null;
    throw new Error("fails");
  };

  it.each<[string, (ctx: Context) => Promise<unknown>, unknown]>([
    ["race", (child) => race(child, fails, ends, fails), 1],
    ["take", (child) => take(child, 1, ends, ends), [1]],
    ["last", (child) => last(child, 1, ends, ends), [1]],
    ["settle", (child) => settle(child, ends), [{ status: "fulfilled", value: 1 }]],
  ])("%s: its result or the cause, and no task is left", async (name, begin, result) => {
    const before = numTasks();
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      const [end] = await Promise.allSettled([begin(fromSignal(signal))]);
      if (end.status === "fulfilled") expect(end.value).toEqual(result);
      else expect([name, end.reason]).toEqual([name, reason]);
    });
    expect(turns).toBeGreaterThan(3);
    await settled();
    expect(numTasks()).toBe(before);
  });
});
