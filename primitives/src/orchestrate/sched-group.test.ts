import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectParked, settled } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import type { CancelContext } from "../context/cancel-context.js";
import { background, type Context, DeadlineExceededError, withCancel, withTimeout } from "../context.js";
import { sleep } from "../index.js";
import { SchedGroup } from "../orchestrate.js";
import { DeadlineHeap } from "./deadline-heap.js";

describe("SchedGroup", () => {
  // schedgroup: group_test.go TestGroupScheduling
  it("TestGroupScheduling: each starts at its time, whatever the order in which they were told", () =>
    withVirtualTime(async (clock) => {
      const group = new SchedGroup(background());
      const starts: number[] = [];
      for (const i of [3, 1, 5, 2, 4]) group.delay(i * 100, () => starts.push(clock.now()));
      expect(clock.pending, "one timer for all").toBe(1);
      const end = group.wait();
      await clock.advance(500);
      await end;
      expect(starts).toEqual([100, 200, 300, 400, 500]);
      expect(clock.pending).toBe(0);
    }));

  // schedgroup: group_test.go TestGroupContextCancelImmediate
  it("TestGroupContextCancelImmediate: nothing runs", () =>
    withVirtualTime(async (clock) => {
      const [ctx, cancel] = withCancel(background());
      const group = new SchedGroup(ctx);
      for (let i = 0; i < 5; i++) group.delay(50, () => expect.unreachable());
      cancel();
      group.delay(0, () => expect.unreachable());
      expect([group.count, clock.pending]).toEqual([0, 0]);
      await expect(group.wait()).rejects.toBe(ctx.err);
      await clock.advance(100);
    }));

  // schedgroup: group_test.go TestGroupSchedulePast
  it("TestGroupSchedulePast: what is due already starts at once, in order", () =>
    withVirtualTime(async (clock) => {
      const group = new SchedGroup(background());
      const order: string[] = [];
      group.delay(-1, () => order.push("negative"));
      group.schedule(new Date(0), () => order.push("1970"));
      group.delay(0, () => order.push("now"));
      expect(order, "in tasks of their own").toEqual([]);
      const end = group.wait();
      await clock.advance(0);
      await end;
      expect(order).toEqual(["negative", "1970", "now"]);
    }));

  // schedgroup: group_test.go TestGroupScheduledTasksContextCancel
  it("TestGroupScheduledTasksContextCancel: of ten, those run that were due before", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 550);
      const group = new SchedGroup(ctx);
      let ran = 0;
      for (let i = 0; i < 10; i++) group.delay(i * 100, () => ran++);
      const end = expect(group.wait()).rejects.toBeInstanceOf(DeadlineExceededError);
      await clock.advance(1000);
      await end;
      expect([ran, clock.pending]).toEqual([6, 0]);
    }));

  // schedgroup: group_test.go TestGroupWaitContextDeadlineExceeded, TestGroupWaitContextCanceled
  it("TestGroupWaitContextDeadlineExceeded: does not wait longer than its context for what runs", () =>
    withVirtualTime(async (clock) => {
      const [ctx] = withTimeout(background(), 10);
      const group = new SchedGroup(ctx);
      group.delay(0, () => sleep(1000));
      const end = expect(group.wait()).rejects.toBeInstanceOf(DeadlineExceededError);
      await clock.advance(10);
      await end;
      await clock.advance(1000);
      expect(group.count).toBe(0);
    }));

  // schedgroup: group_test.go TestGroupWaitNoContext, TestGroupWaitAfterScheduled
  it("TestGroupWaitNoContext, TestGroupWaitAfterScheduled: waits for what runs, and for nothing that has ended", () =>
    withVirtualTime(async (clock) => {
      const [first, second] = [new SchedGroup(background()), new SchedGroup(background())];
      first.delay(10, () => sleep(10));
      second.delay(10, () => {});
      const end = first.wait();
      await clock.advance(19);
      await expectParked(end);
      await second.wait();
      await clock.advance(1);
      await end;
    }));

  // schedgroup: group_test.go TestGroupScheduleAfterWaitPanic
  it("TestGroupScheduleAfterWaitPanic", async () => {
    const group = new SchedGroup(background(), { name: "jobs" });
    await group.wait();
    expect(() => group.delay(0, () => {})).toThrow(
      expect.objectContaining({
        name: "SyncError",
        message: "schedgroup: attempted to schedule task after Group.Wait was called",
        primitive: "jobs",
      }),
    );
  });

  // schedgroup: group_test.go TestGroupDoubleWaitPanic
  it("TestGroupDoubleWaitPanic", async () => {
    const group = new SchedGroup(background());
    await group.wait();
    await expect(group.wait()).rejects.toMatchObject({
      name: "SyncError",
      message: "schedgroup: multiple calls to Group.Wait",
    });
  });

  // schedgroup: group_test.go TestGroupScheduleNoTasks
  it("TestGroupScheduleNoTasks: eight times a thousand empty groups never hang", async () => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let i = 0; i < 1024; i++) await new SchedGroup(background()).wait();
      }),
    );
  });

  it("hangs below its context only while something is scheduled, and keeps the process alive as long", () =>
    withVirtualTime(async (clock) => {
      const [ctx, cancel] = withCancel(background());
      const group = new SchedGroup(ctx);
      const children = () => (ctx as CancelContext).children;
      expect([children(), clock.holding]).toEqual([0, 0]);
      group.delay(10, () => {});
      expect([children(), clock.holding]).toEqual([1, 1]);
      await clock.advance(10);
      await settled();
      expect([children(), clock.holding]).toEqual([0, 0]);
      group.delay(10, () => {});
      cancel();
      expect([children(), clock.pending]).toEqual([0, 0]);
    }));

  it("cancel at every moment: what was due before has run, nothing after it does", () =>
    withVirtualTime(async (clock) => {
      for (let moment = 0; moment <= 6; moment++) {
        const [ctx, cancel] = withCancel(background());
        const group = new SchedGroup(ctx);
        let ran = 0;
        for (const ms of [1, 3, 5]) group.delay(ms, () => ran++);
        const end = Promise.allSettled([group.wait()]);
        await clock.advance(moment);
        const due = Math.ceil(moment / 2);
        cancel();
        await clock.advance(10);
        expect([ran, group.count, clock.pending]).toEqual([due, 0, 0]);
        expect((await end)[0].status).toBe(moment >= 5 ? "fulfilled" : "rejected");
      }
    }));

  it("is given a context and times", () => {
    expect(() => new SchedGroup(undefined as unknown as Context)).toThrow("nil context provided");
    const group = new SchedGroup(background());
    expect(() => group.delay(Number.NaN, () => {})).toThrow(RangeError);
    expect(() => group.schedule(new Date(Number.NaN), () => {})).toThrow(RangeError);
  });
});

// schedgroup: group_test.go Test_tasksHeap
describe("Test_tasksHeap", () => {
  it("what is pushed comes out in the order of time, of equals the older first", () => {
    const op = fc.oneof(fc.constant(null), fc.nat({ max: 20 }));
    fc.assert(
      fc.property(fc.array(op, { maxLength: 100 }), (ops) => {
        const heap = new DeadlineHeap();
        const model: { at: number; number: number }[] = [];
        for (const [number, at] of ops.entries()) {
          if (at === null) expect(heap.pop()).toBe(model.shift());
          else {
            const item = { at, number };
            heap.push(item);
            model.push(item);
            model.sort((a, b) => a.at - b.at || a.number - b.number);
          }
          expect([heap.top, heap.length]).toEqual([model[0], model.length]);
        }
        while (heap.length > 0) expect(heap.pop()).toBe(model.shift());
      }),
    );
  });
});
