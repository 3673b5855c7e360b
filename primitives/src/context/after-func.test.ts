import { describe, expect, it } from "vitest";
import { ForeignContext } from "../../testing/foreign-context.js";
import { settled } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import { afterFunc, background, CanceledError, withCancel, withTimeout } from "../context.js";
import { currentTask } from "../index.js";
import type { CancelContext } from "./cancel-context.js";

describe("afterFunc", () => {
  // Go: context/afterfunc_test.go TestAfterFuncCalledAfterCancel
  it("TestAfterFuncCalledAfterCancel: runs once the context has ended; then it is too late to stop it", async () => {
    const [ctx, cancel] = withCancel(background());
    let runs = 0;
    const stop = afterFunc(ctx, () => runs++);
    await settled();
    expect(runs).toBe(0);
    cancel();
    await settled();
    expect(runs).toBe(1);
    expect(stop()).toBe(false);
    cancel();
    await settled();
    expect(runs).toBe(1);
  });

  // Go: context/afterfunc_test.go TestAfterFuncCalledAfterTimeout
  it("TestAfterFuncCalledAfterTimeout", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 10);
      let runs = 0;
      afterFunc(ctx, () => runs++);
      expect(clock.holding, "is no wait: the process may end").toBe(0);
      await clock.advance(10);
      await settled();
      expect(runs).toBe(1);
    }));

  // Go: context/afterfunc_test.go TestAfterFuncCalledImmediately
  it("TestAfterFuncCalledImmediately: on a context that has ended", async () => {
    const [ctx, cancel] = withCancel(background());
    cancel();
    let runs = 0;
    const stop = afterFunc(ctx, () => runs++);
    expect(runs, "in a task of its own").toBe(0);
    expect(stop()).toBe(false);
    await settled();
    expect(runs).toBe(1);
  });

  // Go: context/afterfunc_test.go TestAfterFuncNotCalledAfterStop
  it("TestAfterFuncNotCalledAfterStop: stopped in time it never runs, and leaves nothing behind", async () => {
    const [ctx, cancel] = withCancel(background());
    const stop = afterFunc(ctx, () => expect.unreachable());
    expect((ctx as CancelContext).children).toBe(1);
    expect([stop(), stop()]).toEqual([true, false]);
    expect((ctx as CancelContext).children).toBe(0);
    cancel();
    await settled();
  });

  // Go: context/afterfunc_test.go TestAfterFuncCalledAsynchronously
  it("TestAfterFuncCalledAsynchronously: in a task of its own, never within cancel", async () => {
    const [ctx, cancel] = withCancel(background());
    const log: unknown[] = [];
    afterFunc(ctx, function cleanUp() {
      log.push(currentTask()?.name);
    });
    cancel();
    log.push("cancelled");
    await settled();
    expect(log).toEqual(["cancelled", "cleanUp"]);
  });

  it("may be stopped from within the end of its context", async () => {
    const [ctx, cancel] = withCancel(background());
    const stopped: boolean[] = [];
    ctx.signal.addEventListener("abort", () => stopped.push(stop()));
    const stop = afterFunc(ctx, () => expect.unreachable());
    cancel();
    await settled();
    expect(stopped).toEqual([true]);
  });

  it("of a context that never ends never runs", () => {
    const stop = afterFunc(background(), () => expect.unreachable());
    expect([stop(), stop()]).toEqual([true, false]);
  });

  // Go: context/afterfunc_test.go TestCustomContextAfterFuncAfterFunc, …UnregisterAfterFunc
  it("TestCustomContextAfterFuncAfterFunc, …Unregister: on a context of the program's own", async () => {
    const parent = new ForeignContext();
    const stop = afterFunc(parent, () => expect.unreachable());
    expect([parent.listeners, stop(), parent.listeners]).toEqual([1, true, 0]);
    let runs = 0;
    afterFunc(parent, () => runs++);
    parent.end(new CanceledError());
    await settled();
    expect(runs).toBe(1);
  });
});
