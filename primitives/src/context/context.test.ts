import { describe, expect, it } from "vitest";
import { WrappingContext } from "../../testing/foreign-context.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import {
  background,
  CanceledError,
  type Context,
  DeadlineExceededError,
  todo,
  withCancel,
  withDeadline,
  withTimeout,
  withValue,
} from "../context.js";
import { go, Mutex, SyncError } from "../index.js";
import type { CancelContext } from "./cancel-context.js";

/** Asserts that `ctx` has not ended, in every way one can ask. */
function expectLive(...contexts: Context[]): void {
  for (const ctx of contexts) {
    expect(ctx.err, String(ctx)).toBeUndefined();
    expect(ctx.done.tryReceive(), String(ctx)).toBeUndefined();
    expect(ctx.signal.aborted, String(ctx)).toBe(false);
  }
}

function expectEnded(why: new () => Error, ...contexts: Context[]): void {
  for (const ctx of contexts) {
    expect(ctx.err, String(ctx)).toBeInstanceOf(why);
    expect(ctx.done.tryReceive(), String(ctx)).toEqual([undefined, false]);
    expect(ctx.signal.aborted, String(ctx)).toBe(true);
  }
}

const children = (ctx: Context) => (ctx as CancelContext).children;

describe("the roots", () => {
  // Go: context/x_test.go TestBackground, TestTODO
  it.each([
    [background, "context.Background"],
    [todo, "context.TODO"],
  ])("TestBackground, TestTODO: %o never ends", (make, text) => {
    const ctx = make();
    expectLive(ctx);
    expect(String(ctx)).toBe(text);
    expect(ctx.deadline).toBeUndefined();
    expect(ctx.value("key")).toBeUndefined();
    expect(make()).toBe(ctx);
  });
});

describe("withCancel", () => {
  // Go: context/x_test.go TestWithCancel
  it("TestWithCancel: ends by its function, with its error; again does nothing", async () => {
    const [ctx, cancel] = withCancel(background());
    expect(String(ctx)).toBe("context.Background.WithCancel");
    expectLive(ctx);
    const waiting = ctx.done.receiveOk();
    cancel();
    expect(await waiting).toEqual([undefined, false]);
    expectEnded(CanceledError, ctx);
    const { err } = ctx;
    cancel();
    expect(ctx.err).toBe(err);
    expect(err?.message).toBe("context canceled");
    expect(ctx.signal.reason).toBe(err);
  });

  // Go: context/context_test.go TestParentFinishesChild
  it("TestParentFinishesChild: the end of a parent is the end of all below it, at once", () => {
    const [parent, cancel] = withCancel(background());
    const [cancelChild] = withCancel(parent);
    const value = withValue(parent, "key", "value");
    const [valueChild] = withCancel(value);
    const [timerChild, stop] = withTimeout(value, 10_000);
    expectLive(parent, cancelChild, value, valueChild, timerChild);
    expect(children(parent)).toBe(3);
    cancel();
    expectEnded(CanceledError, parent, cancelChild, value, valueChild, timerChild);
    expect(children(parent)).toBe(0);
    expect(cancelChild.err, "one error for all").toBe(parent.err);
    stop();
    const [late] = withCancel(withValue(parent, "key", 1));
    expectEnded(CanceledError, late);
  });

  // Go: context/context_test.go TestChildFinishesFirst
  it("TestChildFinishesFirst: a child that ends takes leave; its parent goes on", () => {
    const [stoppable, stop] = withCancel(background());
    for (const parent of [background(), stoppable]) {
      const [child, cancel] = withCancel(parent);
      if (parent === stoppable) expect(children(parent)).toBe(1);
      cancel();
      expectEnded(CanceledError, child);
      expectLive(parent);
      if (parent === stoppable) expect(children(parent)).toBe(0);
    }
    stop();
  });

  // Go: context/x_test.go TestSimultaneousCancels
  it("TestSimultaneousCancels: a tree whose contexts are all cancelled at the same time", async () => {
    const [root, cancel] = withCancel(background());
    const cancels = new Map([[root, cancel]]);
    for (const queue = [root]; cancels.size < 31; ) {
      const parent = queue.shift()!;
      for (let i = 0; i < 2; i++) {
        const [ctx, cancelChild] = withCancel(parent);
        cancels.set(ctx, cancelChild);
        queue.push(ctx);
      }
    }
    const waits = [...cancels.keys()].map((ctx) => ctx.done.receive());
    await Promise.all([...cancels.values()].map((each) => go(each).join()));
    await Promise.all(waits);
    expectEnded(CanceledError, ...cancels.keys());
  });

  // Go: context/x_test.go TestInterlockedCancels
  it("TestInterlockedCancels: a child may be cancelled from within the end of its parent", () => {
    const [parent, cancelParent] = withCancel(background());
    const [child, cancelChild] = withCancel(parent);
    const [sibling, cancelSibling] = withCancel(parent);
    parent.signal.addEventListener("abort", () => {
      cancelChild();
      cancelSibling();
    });
    cancelParent();
    expectEnded(CanceledError, parent, child, sibling);
  });

  it("what is derived from within the end of its parent has ended too", () => {
    const [parent, cancel] = withCancel(background());
    const [first] = withCancel(parent);
    let late: Context | undefined;
    first.signal.addEventListener("abort", () => {
      [late] = withCancel(parent);
    });
    cancel();
    expectEnded(CanceledError, late!);
  });

  // Go: context/x_test.go TestWithCancelCanceledParent
  it("TestWithCancelCanceledParent: a child of what has ended is born ended", () => {
    const [parent, cancel] = withCancel(background());
    cancel();
    const [child] = withCancel(parent);
    expectEnded(CanceledError, child);
    expect(child.err).toBe(parent.err);
  });

  // Go: context/context_test.go TestCancelRemoves
  it("TestCancelRemoves: nothing is left with the parent", () =>
    withVirtualTime(async (clock) => {
      const [parent, cancelParent] = withCancel(background());
      expect(children(parent)).toBe(0);
      const [, cancel] = withCancel(parent);
      expect(children(parent)).toBe(1);
      cancel();
      expect(children(parent)).toBe(0);
      const [, stop] = withTimeout(parent, 60_000);
      expect([children(parent), clock.pending]).toEqual([1, 1]);
      stop();
      expect([children(parent), clock.pending]).toEqual([0, 0]);
      cancelParent();
    }));

  it("ends ten thousand generations without running out of stack", () => {
    const [root, cancel] = withCancel(background());
    let last = root;
    for (let i = 0; i < 10_000; i++) [last] = withCancel(last);
    cancel();
    expectEnded(CanceledError, last);
  });

  it("tells children of the end depth first, each parent before its children", () => {
    const order: string[] = [];
    const make = (name: string, parent: Context): [Context, () => void] => {
      const [ctx, cancel] = withCancel(parent);
      ctx.signal.addEventListener("abort", () => order.push(name));
      return [ctx, cancel];
    };
    const [root, cancel] = make("root", background());
    const [a] = make("a", root);
    make("b", root);
    make("a1", a);
    make("a2", a);
    cancel();
    expect(order).toEqual(["root", "a", "a1", "a2", "b"]);
  });

  // Go: context/x_test.go TestInvalidDerivedFail
  it("TestInvalidDerivedFail: a context is derived from something", () => {
    const nobody = undefined as unknown as Context;
    const text = "cannot create context from nil parent";
    for (const derive of [
      () => withCancel(nobody),
      () => withDeadline(nobody, new Date()),
      () => withTimeout(nobody, 1),
      () => withValue(nobody, "key", "value"),
    ]) {
      expect(derive).toThrow(expect.objectContaining({ name: "SyncError", message: text }));
    }
  });

  it("is not ended by who closes its channel", () => {
    const [ctx, cancel] = withCancel(background());
    expect(() => ctx.done.close()).toThrow(
      expect.objectContaining({ name: "SyncError", message: "cannot close receive-only channel" }),
    );
    expectLive(ctx);
    expect(() => background().done.close()).toThrow("close of nil channel");
    cancel();
    expectEnded(CanceledError, ctx);
  });

  it("is what a wait takes for its options", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = withCancel(background());
    await mu.lock(ctx);
    const waiting = mu.lock(ctx);
    cancel();
    await expect(waiting).rejects.toBe(ctx.err);
    expect([mu.locked, mu.waiters]).toEqual([true, 0]);
  });
});

describe("withDeadline and withTimeout", () => {
  const soon = (ms: number) => new Date(Date.now() + ms);

  // Go: context/x_test.go TestDeadline
  it("TestDeadline: ends at its time, also through other contexts", () =>
    withVirtualTime(async (clock) => {
      const [plain] = withDeadline(background(), soon(50));
      expect(String(plain)).toMatch(/^context\.Background\.WithDeadline\(\d{4}-/);
      const [wrapped] = withDeadline(new WrappingContext(background()), soon(50));
      const [outer] = withDeadline(new WrappingContext(withDeadline(background(), soon(50))[0]), soon(5000));
      const [past] = withDeadline(background(), soon(-1));
      const [now] = withDeadline(background(), soon(0));
      expectEnded(DeadlineExceededError, past, now);
      expectLive(plain, wrapped, outer);
      await clock.advance(51);
      expectEnded(DeadlineExceededError, plain, wrapped, outer);
      expect(clock.pending).toBe(0);
    }));

  // Go: context/x_test.go TestTimeout
  it("TestTimeout: ends after so many milliseconds, also through other contexts", () =>
    withVirtualTime(async (clock) => {
      const [plain] = withTimeout(background(), 50);
      const [wrapped] = withTimeout(new WrappingContext(background()), 50);
      const [outer] = withTimeout(new WrappingContext(withTimeout(background(), 50)[0]), 5000);
      await clock.advance(49);
      expectLive(plain, wrapped, outer);
      await clock.advance(1);
      expectEnded(DeadlineExceededError, plain, wrapped, outer);
      expect(plain.err?.message).toBe("context deadline exceeded");
    }));

  // Go: context/x_test.go TestCanceledTimeout
  it("TestCanceledTimeout: cancelled before its time, at once, through a context of the program's own", () =>
    withVirtualTime(async (clock) => {
      const [parent] = withTimeout(background(), 1000);
      const [ctx, cancel] = withTimeout(new WrappingContext(parent), 2000);
      const [below] = withCancel(new WrappingContext(ctx));
      cancel();
      expectEnded(CanceledError, ctx, below);
      await clock.advance(3000);
      expectEnded(CanceledError, ctx, below);
      expectEnded(DeadlineExceededError, parent);
    }));

  // Go: context/x_test.go TestDeadlineExceededSupportsTimeout
  it("TestDeadlineExceededSupportsTimeout: its error is a time-out", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 1);
      await clock.advance(1);
      expect(ctx.err).toMatchObject({ name: "DeadlineExceededError", timeout: true });
    }));

  it("the earlier of two deadlines counts, wherever it is", () => {
    const [near, far] = [soon(1000), soon(2000)];
    const [outer, stop] = withDeadline(background(), near);
    const [inner] = withDeadline(outer, far);
    expect(inner.deadline).toBe(near);
    expect(String(inner), "no timer of its own").toMatch(/WithCancel$/);
    const [wide, cancel] = withDeadline(background(), far);
    const [narrow] = withDeadline(wide, near);
    expect([wide.deadline, narrow.deadline]).toEqual([far, near]);
    expect(withValue(narrow, "key", 1).deadline).toBe(near);
    stop();
    cancel();
  });

  it("an infinite time is no deadline; no number and no date are refused", () =>
    withVirtualTime(async (clock) => {
      const [ctx, cancel] = withTimeout(background(), Number.POSITIVE_INFINITY);
      expect([ctx.deadline, clock.pending]).toEqual([undefined, 0]);
      cancel();
      expectEnded(CanceledError, ctx);
      expectEnded(DeadlineExceededError, withTimeout(background(), Number.NEGATIVE_INFINITY)[0]);
      expect(() => withTimeout(background(), Number.NaN)).toThrow(RangeError);
      expect(() => withDeadline(background(), new Date(Number.NaN))).toThrow(RangeError);
    }));
});

describe("the timer of a context", () => {
  it("keeps the process alive only while somebody waits for its channel", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 1000);
      const [below, cancel] = withCancel(withValue(ctx, "key", 1));
      expect([clock.pending, clock.holding]).toEqual([1, 0]);
      const controller = new AbortController();
      const waits = [below.done.receive({ signal: controller.signal }), below.done.receive()];
      expect(clock.holding, "waited for from below").toBe(1);
      controller.abort(new Error("gone"));
      await expect(waits[0]).rejects.toThrow("gone");
      expect(clock.holding).toBe(1);
      cancel();
      await waits[1];
      expect(clock.holding).toBe(0);
      const last = ctx.done.receive();
      expect(clock.holding).toBe(1);
      await clock.advance(1000);
      await last;
    }));

  it("or for something with its signal", () =>
    withVirtualTime(async (clock) => {
      const mu = new Mutex();
      await mu.lock();
      const [ctx] = withTimeout(background(), 1000);
      const [below] = withCancel(ctx);
      const [first, second] = [mu.lock(below), mu.lock(below)];
      expect(clock.holding).toBe(1);
      mu.unlock();
      await first;
      expect(clock.holding, "one still waits").toBe(1);
      const given = expect(second).rejects.toBeInstanceOf(DeadlineExceededError);
      await clock.advance(1000);
      await given;
      expect([clock.pending, clock.holding]).toEqual([0, 0]);
    }));
});

describe("withValue", () => {
  // Go: context/x_test.go TestValues
  it("TestValues: the nearest value of a key counts, keys are told apart by identity", () => {
    const [k1, k2] = [Symbol("key"), Symbol("key")];
    const one = withValue(background(), k1, "one");
    expect([one.value(k1), one.value(k2)]).toEqual(["one", undefined]);
    const two = withValue(one, k2, "two");
    const three = withValue(two, k1, "three");
    expect([two.value(k1), two.value(k2)]).toEqual(["one", "two"]);
    expect([three.value(k1), three.value(k2)]).toEqual(["three", "two"]);
    const unset = withValue(three, k1, undefined);
    expect([unset.value(k1), three.value(k1)]).toEqual([undefined, "three"]);
    expect(withCancel(new WrappingContext(three))[0].value(k2)).toBe("two");
    expect(String(two), "the value may be a secret").toBe(
      "context.Background.WithValue(Symbol(key)).WithValue(Symbol(key))",
    );
  });

  // Go: context/x_test.go TestWithValueChecksKey
  it("TestWithValueChecksKey: a key is something that can be found again", () => {
    expect(() => withValue(background(), undefined, "bar")).toThrow("nil key");
    expect(() => withValue(background(), null, "bar")).toThrow(SyncError);
    expect(() => withValue(background(), Number.NaN, "bar")).toThrow("key is not comparable");
  });
});

// Go: context/x_test.go TestLayersCancel, TestLayersTimeout
describe.each([false, true])("TestLayers%s: thirty layers and more of all kinds", (timeout) => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))("seed %d", (seed) =>
    withVirtualTime(async (clock) => {
      let state = seed + 1;
      const random = (n: number) => {
        state = (state * 48_271) % 2_147_483_647;
        return state % n;
      };
      const values: [object, object][] = [];
      const cancels: (() => void)[] = [];
      let timers = 0;
      let ctx: Context = background();
      for (let left = 30; left > 0; ) {
        const kind = random(3);
        if (kind === 0) {
          const pair: [object, object] = [{}, {}];
          ctx = withValue(ctx, ...pair);
          values.push(pair);
          left--;
        } else {
          const [next, cancel] = kind === 1 ? withCancel(ctx) : withTimeout(ctx, timeout ? 200 : 10_000);
          if (kind === 2) timers++;
          ctx = next;
          cancels.push(cancel);
          left--;
        }
      }
      const check = () => {
        for (const [key, value] of values) expect(ctx.value(key)).toBe(value);
      };
      expectLive(ctx);
      check();
      expect(ctx.deadline !== undefined).toBe(timers > 0);
      if (timeout && timers > 0) await clock.advance(200);
      else cancels[random(cancels.length)]!();
      expectEnded(timeout && timers > 0 ? DeadlineExceededError : CanceledError, ctx);
      check();
      for (const cancel of cancels) cancel();
      expect(clock.pending).toBe(0);
    }),
  );
});
