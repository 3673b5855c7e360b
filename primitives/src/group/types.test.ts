import { describe, expect, expectTypeOf, it } from "vitest";
import type { Channel } from "../channel.js";
import { type CancelFunc, type Context, withCancel } from "../context.js";
import { CyclicBarrier, ErrGroup, Semaphore, type SingleFlight } from "../group.js";
import type { WaitOptions } from "../index.js";
import { all, retry, settle } from "../orchestrate.js";
import { fanOut, map, reduce, stream } from "../patterns.js";

// Checked by the compiler (`npm run typecheck`), as `../types.test.ts` is.
describe("types of contexts, groups, orchestration and pipelines", () => {
  it("what comes out is what went in", () => {
    expectTypeOf(withCancel).returns.toEqualTypeOf<[Context, CancelFunc]>();
    expectTypeOf(new Semaphore(1).withPermit(async () => 1)).resolves.toEqualTypeOf<number>();
    expectTypeOf<SingleFlight<number>["do"]>()
      .returns.resolves.toHaveProperty("value")
      .toEqualTypeOf<number>();
    expectTypeOf(new CyclicBarrier(1).wait()).resolves.toEqualTypeOf<number>();
    expectTypeOf(ErrGroup.withContext).returns.toEqualTypeOf<[ErrGroup, Context]>();
    const of = (ctx: Context) => ({
      all: all(ctx, async () => 1),
      settle: settle(ctx, () => 1),
      retry: retry(ctx, 1, async () => "x"),
      lengths: map(ctx, stream(ctx, "abc"), async (text) => text.length),
      parts: fanOut(ctx, stream(ctx, [1]), 2),
      sum: reduce(ctx, stream(ctx, [1]), (sum: bigint, n) => sum + BigInt(n), 0n),
    });
    expectTypeOf(of).returns.toEqualTypeOf<{
      all: Promise<number[]>;
      settle: Promise<PromiseSettledResult<number>[]>;
      retry: Promise<string>;
      lengths: Channel<number>;
      parts: Channel<number>[];
      sum: Promise<bigint>;
    }>();
  });

  it("a context is what a wait takes for its options", () => {
    expectTypeOf<Context>().toExtend<WaitOptions>();
  });

  it("misuse is an error as it is typed", () => {
    const misuse = async (ctx: Context, sem: Semaphore, group: ErrGroup) => {
      // @ts-expect-error a context comes with the function that ends it
      withCancel(ctx).value("key");
      // @ts-expect-error nothing can be sent on it
      await ctx.done.send(1);
      // @ts-expect-error a context's error is read, not written
      ctx.err = new Error();
      // @ts-expect-error the signal goes into an object, after the number
      await sem.acquire({ signal: ctx.signal });
      // @ts-expect-error how many there are is settled
      sem.size = 2;
      // @ts-expect-error a function, not its promise: it is for the group to start it
      group.go(Promise.resolve());
      // @ts-expect-error work is given as functions
      await all(ctx, Promise.resolve(1));
      // @ts-expect-error a stage needs to know when to stop
      map(stream(ctx, [1]), (n: number) => n);
    };
    expect(misuse).toBeTypeOf("function");
  });
});
