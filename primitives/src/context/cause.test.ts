import { describe, expect, it } from "vitest";
import { ForeignContext, WrappingContext } from "../../testing/foreign-context.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import {
  background,
  type CancelCauseFunc,
  CanceledError,
  type Context,
  cause,
  DeadlineExceededError,
  fromSignal,
  todo,
  withCancel,
  withCancelCause,
  withDeadlineCause,
  withoutCancel,
  withTimeout,
  withTimeoutCause,
  withValue,
} from "../context.js";

// Go: context/x_test.go TestCause
describe("TestCause", () => {
  const [parentCause, childCause, late] = [new Error("parent"), new Error("child"), new Error("too late")];

  /** `end` is given the functions of a parent and its child; both contexts are returned. */
  const family = (end: (parent: CancelCauseFunc, child: CancelCauseFunc) => void): [Context, Context] => {
    const [parent, cancelParent] = withCancelCause(background());
    const [child, cancelChild] = withCancelCause(parent);
    end(cancelParent, cancelChild);
    return [parent, child];
  };

  it("the roots have none", () => {
    expect([cause(background()), cause(todo())]).toEqual([undefined, undefined]);
  });

  it("without one it is the error itself", () => {
    const [ctx, cancel] = withCancel(background());
    expect(cause(ctx)).toBeUndefined();
    cancel();
    expect(cause(ctx)).toBe(ctx.err);
    const [nothingSaid, cancelCause] = withCancelCause(background());
    cancelCause();
    expect(cause(nothingSaid)).toBe(nothingSaid.err);
    expect(cause(nothingSaid)).toBeInstanceOf(CanceledError);
  });

  it("is what the function was given; the error stays `context canceled`", () => {
    const [ctx, cancel] = withCancelCause(background());
    cancel(parentCause);
    expect(ctx.err).toBeInstanceOf(CanceledError);
    expect(cause(ctx)).toBe(parentCause);
    expect(ctx.signal.reason).toBe(parentCause);
    cancel(late);
    expect(cause(ctx)).toBe(parentCause);
    const other = withCancelCause(background());
    const { signal } = other[0];
    other[1](childCause);
    expect(signal.reason).toBe(childCause);
  });

  it("goes from parent to child", () => {
    const [parent, child] = family((cancelParent) => cancelParent(parentCause));
    expect([cause(parent), cause(child)]).toEqual([parentCause, parentCause]);
  });

  it("does not go from child to parent, and the first to end counts", () => {
    const [alive, ended] = family((_, cancelChild) => cancelChild(childCause));
    expect([cause(alive), cause(ended)]).toEqual([undefined, childCause]);
    const [parent, child] = family((cancelParent, cancelChild) => {
      cancelChild(childCause);
      cancelParent(parentCause);
    });
    expect([cause(parent), cause(child)]).toEqual([parentCause, childCause]);
    const [first, second] = family((cancelParent, cancelChild) => {
      cancelParent(parentCause);
      cancelChild(childCause);
    });
    expect([cause(first), cause(second)]).toEqual([parentCause, parentCause]);
  });

  it("is seen through values and through contexts of the program's own", () => {
    const [parent, cancel] = withCancelCause(background());
    const below = withValue(new WrappingContext(parent), "key", 1);
    cancel(parentCause);
    expect([cause(below), cause(new WrappingContext(parent))]).toEqual([parentCause, parentCause]);
  });

  it("of a time that is over", () =>
    withVirtualTime(async (clock) => {
      const [plain] = withTimeout(background(), 10);
      const [told] = withTimeoutCause(background(), 10, parentCause);
      const [below] = withTimeoutCause(told, 20, childCause);
      const [cancelled, cancel] = withTimeoutCause(background(), 10, parentCause);
      const [past] = withDeadlineCause(background(), new Date(Date.now() - 1), parentCause);
      cancel();
      expect(cause(past)).toBe(parentCause);
      await clock.advance(20);
      expect(cause(plain)).toBe(plain.err);
      expect([cause(told), cause(below)]).toEqual([parentCause, parentCause]);
      expect(told.err).toBeInstanceOf(DeadlineExceededError);
      expect(cause(cancelled), "it was not over").toBeInstanceOf(CanceledError);
    }));
});

// Go: context/x_test.go TestCauseRace
it("TestCauseRace: a context that has ended has a cause, whoever looks when", () => {
  const [ctx, cancel] = withCancelCause(background());
  const seen: (Error | undefined)[] = [];
  ctx.signal.addEventListener("abort", () => seen.push(ctx.err, cause(ctx)));
  const why = new Error("why");
  cancel(why);
  expect(seen).toEqual([ctx.err, why]);
  expect(ctx.err).toBeInstanceOf(CanceledError);
});

// Go: context/x_test.go TestWithoutCancel
describe("TestWithoutCancel", () => {
  it("keeps the values, and nothing of the end", () => {
    const [parent, cancel] = withCancelCause(withValue(background(), "key", "value"));
    const ctx = withoutCancel(parent);
    expect(String(ctx)).toBe("context.Background.WithValue(key).WithCancel.WithoutCancel");
    cancel(new Error("why"));
    expect([ctx.err, cause(ctx), ctx.deadline, ctx.signal.aborted]).toEqual([
      undefined,
      undefined,
      undefined,
      false,
    ]);
    expect(ctx.value("key")).toBe("value");
    const [below] = withCancel(ctx);
    expect(below.err).toBeUndefined();
    expect(withoutCancel(withTimeout(parent, 1000)[0]).deadline).toBeUndefined();
  });
});

describe("a context of the program's own", () => {
  // Go: context/context_test.go TestCustomContextGoroutines
  it("TestCustomContextGoroutines: costs one listener, however many are derived from it", () => {
    const parent = new ForeignContext();
    const cancels = Array.from({ length: 20 }, () => withCancel(parent)[1]);
    expect(parent.listeners).toBe(1);
    const [below, cancelBelow] = withTimeout(withValue(new WrappingContext(parent), "key", 1), 60_000);
    const [last, cancelLast] = withCancel(below);
    expect(parent.listeners).toBe(1);
    for (const cancel of [...cancels, cancelLast, cancelBelow]) cancel();
    expect(parent.listeners, "gone with the last").toBe(0);
    expect(last.err).toBeInstanceOf(CanceledError);
  });

  it("around one of ours costs nothing", () => {
    const [inner, cancel] = withCancel(background());
    let listeners = 0;
    inner.signal.addEventListener = () => listeners++;
    const [ctx] = withCancel(new WrappingContext(inner));
    expect(listeners).toBe(0);
    cancel();
    expect(ctx.err).toBe(inner.err);
  });

  // Go: context/afterfunc_test.go TestCustomContextAfterFuncCancel
  it("TestCustomContextAfterFuncCancel: its children end with it, in its words", () => {
    const parent = new ForeignContext(new Map([["key", "value"]]));
    const [ctx] = withCancel(parent);
    const [below] = withCancel(ctx);
    const [err, reason] = [new Error("its own error"), new Error("its reason")];
    parent.end(err, reason);
    expect([ctx.err, cause(ctx), ctx.signal.reason]).toEqual([err, reason, reason]);
    expect([below.err, cause(below)]).toEqual([err, reason]);
    expect([cause(parent), ctx.value("key")]).toEqual([reason, "value"]);
    const [late] = withCancel(parent);
    expect(late.err).toBe(err);
  });

  // Go: context/afterfunc_test.go TestCustomContextAfterFuncTimeout
  it("TestCustomContextAfterFuncTimeout: so does a timer, which is then stopped", () =>
    withVirtualTime(async (clock) => {
      const parent = new ForeignContext();
      const [ctx] = withTimeout(parent, 60_000);
      parent.end(new CanceledError());
      expect(ctx.err).toBe(parent.err);
      expect(clock.pending).toBe(0);
    }));

  // Go: context/afterfunc_test.go TestCustomContextAfterFuncUnregisterCancel, …UnregisterTimeout
  it("TestCustomContextAfterFuncUnregisterCancel, …Timeout: those that end first stop listening", () => {
    const parent = new ForeignContext();
    for (const derive of [withCancel, withTimeout]) {
      const [, cancel] = derive(parent, 60_000);
      expect(parent.listeners).toBe(1);
      cancel();
      expect(parent.listeners).toBe(0);
    }
  });
});

describe("fromSignal", () => {
  it("is the context of a signal, and the same for the same one", () => {
    const controller = new AbortController();
    const ctx = fromSignal(controller.signal);
    expect(fromSignal(controller.signal)).toBe(ctx);
    expect(ctx.signal).toBe(controller.signal);
    const [child] = withCancel(ctx);
    const why = new Error("why");
    controller.abort(why);
    expect(ctx.err).toBeInstanceOf(CanceledError);
    expect(ctx.err?.cause).toBe(why);
    expect([cause(ctx), cause(child), child.err]).toEqual([why, why, ctx.err]);
    expect(ctx.done.closed).toBe(true);
  });

  it("of a context's signal it is that context", () => {
    const [ctx] = withCancel(background());
    expect(fromSignal(ctx.signal)).toBe(ctx);
  });

  it("closes its channel at the end, though nothing hangs below any more", async () => {
    const controller = new AbortController();
    const ctx = fromSignal(controller.signal);
    const end = ctx.done.receiveOk();
    withCancel(ctx)[1]();
    controller.abort("a text");
    expect(await end).toEqual([undefined, false]);
    expect(cause(ctx)).toBe(ctx.err);
    expect(ctx.err?.cause).toBe("a text");
  });

  it("tells a time-out from other ends, and passes on ours", () => {
    const timeout = new DOMException("late", "TimeoutError");
    expect(fromSignal(AbortSignal.abort(timeout)).err).toBeInstanceOf(DeadlineExceededError);
    expect(fromSignal(AbortSignal.abort()).err).toBeInstanceOf(CanceledError);
    const ours = new DeadlineExceededError();
    expect(fromSignal(AbortSignal.abort(ours)).err).toBe(ours);
  });

  it("whoever hears of the abort earlier than we do finds the context ended", () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    controller.signal.addEventListener("abort", () => seen.push(ctx.err, withCancel(ctx)[0].err));
    const ctx = fromSignal(controller.signal);
    withCancel(ctx);
    controller.abort();
    expect(seen).toEqual([ctx.err, ctx.err]);
    expect(ctx.err).toBeInstanceOf(CanceledError);
  });
});
