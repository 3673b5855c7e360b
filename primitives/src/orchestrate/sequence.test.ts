import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn } from "../../testing/programs.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import {
  background,
  type Context,
  DeadlineExceededError,
  fromSignal,
  withCancelCause,
  withTimeout,
} from "../context.js";
import { currentTask, sleep } from "../index.js";
import { MaxRetriesExceededError, retry, waterfall } from "../orchestrate.js";

const nobody = undefined as unknown as Context;

describe("retry", () => {
  // gollback: gollback_test.go TestRetrySuccess; Hunch: TestRetry_WithNoFailure, TestRetry_ShouldReturnsOnSuccess
  it("TestRetrySuccess, TestRetry_WithNoFailure, _ReturnsOnSuccess", async () => {
    let runs = 0;
    expect(await retry(background(), 5, () => ++runs)).toBe(1);
    expect(runs).toBe(1);
  });

  // Hunch: hunch_test.go TestRetry_ReturnsAfterFailingSeveralTimes, TestRetry_KeepRetrying
  it.each([10, 0, Number.POSITIVE_INFINITY])(
    "TestRetry_AfterFailingSeveralTimes, _KeepRetrying: %d attempts at most",
    async (attempts) => {
      let runs = 0;
      const work = async () => {
        if (++runs < 4) throw new Error(`attempt ${runs}`);
        return "done";
      };
      expect(await retry(background(), attempts, work)).toBe("done");
      expect(runs).toBe(4);
    },
  );

  // gollback: gollback_test.go TestRetryFail
  it("TestRetryFail: says how often, and keeps the last error", async () => {
    let runs = 0;
    const work = () => {
      throw new Error(`attempt ${++runs}`);
    };
    const end = retry(background(), 5, work);
    await expect(end).rejects.toBeInstanceOf(MaxRetriesExceededError);
    await expect(end).rejects.toMatchObject({
      name: "MaxRetriesExceededError",
      message: "Max retries exceeded (5 times).",
      cause: { message: "attempt 5" },
    });
    await expect(retry(background(), 1, work)).rejects.toThrow("Max retries exceeded (1 time).");
    expect(runs).toBe(6);
  });

  // gollback: gollback_test.go TestRetryTimeout
  it("TestRetryTimeout: work that fails at once does not keep its own deadline from coming", async () => {
    const [ctx] = withTimeout(background(), 5);
    let runs = 0;
    const end = retry(ctx, 0, () => {
      runs++;
      throw new Error("again");
    });
    await expect(end).rejects.toBeInstanceOf(DeadlineExceededError);
    expect(runs).toBeGreaterThan(1);
  });

  // Hunch: hunch_test.go TestRetry_WhenRootCtxCanceled
  it("TestRetry_WhenRootCtxCanceled: does not wait for an attempt that does not heed it", () =>
    withVirtualTime(async (clock) => {
      const [ctx, cancel] = withCancelCause(background());
      const end = Promise.allSettled([retry(ctx, 3, () => sleep(1000))]);
      await clock.advance(10);
      const why = new Error("why");
      cancel(why);
      expect(await end).toEqual([{ status: "rejected", reason: why }]);
      await expect(retry(ctx, 3, () => expect.unreachable())).rejects.toBe(why);
      await clock.advance(1000);
    }));

  // gollback: gollback_test.go TestRetryNilContext
  it("TestRetryNilContext; and a number of attempts", async () => {
    await expect(retry(nobody, 1, () => 1)).rejects.toThrow("nil context provided");
    for (const attempts of [-1, 0.5, Number.NaN]) {
      await expect(retry(background(), attempts, () => 1)).rejects.toThrow(RangeError);
    }
  });
});

describe("waterfall", () => {
  // Hunch: hunch_test.go TestWaterfall
  it("TestWaterfall: each has the value of the one before", async () => {
    const seen: unknown[] = [];
    const add = async (_: Context, previous: unknown) => {
      seen.push(previous);
      return ((previous as number | undefined) ?? 0) + 1;
    };
    expect(await waterfall(background(), add, add, add)).toBe(3);
    expect(seen).toEqual([undefined, 1, 2]);
  });

  it("of none is done at once (Hunch panics)", async () => {
    expect(await waterfall(background())).toBeUndefined();
  });

  it("stops at the first error", async () => {
    const error = new Error("failed");
    const end = waterfall(
      background(),
      () => 1,
      () => Promise.reject(error),
      () => expect.unreachable(),
    );
    await expect(end).rejects.toBe(error);
  });

  it("its steps are tasks that go by their names", async () => {
    const name = await waterfall(background(), function download() {
      return currentTask()?.name;
    });
    expect(name).toBe("download");
  });

  it("cancel at every turn: a step that has not begun never does", async () => {
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      const step = async (child: Context) => {
        expect(child.err).toBeUndefined();
        await null;
        return "value";
      };
      const [end] = await Promise.allSettled([waterfall(fromSignal(signal), step, step)]);
      expect(end.status === "fulfilled" ? end.value : end.reason).toBe(
        end.status === "fulfilled" ? "value" : reason,
      );
    });
    expect(turns).toBeGreaterThan(4);
  });
});
