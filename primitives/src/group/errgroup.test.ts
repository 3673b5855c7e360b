import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn, underManyOrders } from "../../testing/programs.js";
import { expectParked, settled, stateOf } from "../../testing/turn.js";
import { Channel } from "../channel.js";
import { background, CanceledError, cause, withCancel } from "../context.js";
import { ErrGroup } from "../group.js";
import { numTasks } from "../index.js";

describe("ErrGroup", () => {
  // Go: errgroup/errgroup_test.go TestZeroGroup
  it("TestZeroGroup: the first error wins, and stays", async () => {
    const [one, two] = [new Error("errgroup_test: 1"), new Error("errgroup_test: 2")];
    for (const errors of [[], [null], [one], [one, null], [one, null, two], [null, two, one]]) {
      const group = new ErrGroup();
      let first: Error | null = null;
      for (const error of errors) {
        group.go(() => {
          if (error !== null) throw error;
        });
        first ??= error;
        const end = group.wait();
        if (first === null) await end;
        else await expect(end).rejects.toBe(first);
      }
    }
  });

  // Go: errgroup/errgroup_test.go TestWithContext
  it("TestWithContext: the context has ended after wait in every case", async () => {
    const error = new Error("errgroup_test: 1");
    for (const errors of [[], [null], [error], [error, null]]) {
      const [group, ctx] = ErrGroup.withContext(background());
      for (const each of errors) {
        group.go(async () => {
          if (each !== null) throw each;
        });
      }
      const failing = errors.includes(error);
      const end = group.wait();
      if (failing) await expect(end).rejects.toBe(error);
      else await end;
      expect(ctx.err).toBeInstanceOf(CanceledError);
      expect(cause(ctx)).toBe(failing ? error : ctx.err);
    }
  });

  // Go: errgroup/errgroup_test.go TestCancelCause
  it("TestCancelCause: the first error ends the context while others still run; a non-error is wrapped", async () => {
    const [group, ctx] = ErrGroup.withContext(background());
    let told: Error | undefined;
    group.go(async () => {
      await ctx.done.receive();
      told = cause(ctx);
    });
    group.go(() => Promise.reject("a text"));
    await expect(group.wait()).rejects.toBe("a text");
    expect(told).toMatchObject({ message: "a text", cause: "a text" });
  });

  // Go: errgroup/errgroup_test.go TestTryGo
  it("TestTryGo: refuses at the limit", async () => {
    const group = new ErrGroup();
    const [n, gate] = [42, new Channel<never>()];
    const fn = () => gate.receive();
    group.setLimit(n);
    for (let i = 0; i < n; i++) expect(group.tryGo(fn), `task ${i}`).toBe(true);
    expect(group.tryGo(fn)).toBe(false);
    gate.close();
    await group.wait();

    group.setLimit(1);
    const second = new Channel<never>();
    expect(group.tryGo(() => second.receive())).toBe(true);
    expect(group.tryGo(fn)).toBe(false);
    second.close();
    await group.wait();

    group.setLimit(0);
    for (let i = 0; i < 1024; i++) expect(group.tryGo(fn)).toBe(false);
    await group.wait();
  });

  // Go: errgroup/errgroup_test.go TestGoLimit
  it("TestGoLimit: never more at a time; those that wait start in order", async () => {
    const limit = 10;
    const group = new ErrGroup();
    group.setLimit(limit);
    let [active, most] = [0, 0];
    const order: number[] = [];
    for (let i = 0; i <= 1 << 10; i++) {
      group.go(async () => {
        order.push(i);
        most = Math.max(most, ++active);
        await null;
        active--;
      });
    }
    await group.wait();
    expect(most).toBe(limit);
    expect(order).toEqual(Array.from({ length: 1025 }, (_, i) => i));
  });

  it("the limit is not changed under tasks that run", async () => {
    const group = new ErrGroup();
    const gate = new Channel<never>();
    for (let i = 0; i < 3; i++) group.go(() => gate.receive());
    expect(() => group.setLimit(1)).toThrow(
      expect.objectContaining({
        name: "SyncError",
        message: "errgroup: modify limit while 3 goroutines in the group are still active",
        code: "errgroup-limit",
      }),
    );
    gate.close();
    await group.wait();
    group.setLimit(-1);
    expect(() => group.setLimit(1.5)).toThrow(RangeError);
  });

  it("with a limit of 0 nothing starts until it is raised", async () => {
    const group = new ErrGroup();
    group.setLimit(0);
    let ran = 0;
    for (let i = 0; i < 3; i++) group.go(() => ran++);
    const end = group.wait();
    await expectParked(end);
    expect(ran).toBe(0);
    group.setLimit(1);
    await end;
    expect(ran).toBe(3);
  });

  it("a queued task that fails does not stop those behind it", async () => {
    const group = new ErrGroup();
    group.setLimit(1);
    const ran: number[] = [];
    for (let i = 0; i < 3; i++) {
      group.go(() => {
        ran.push(i);
        throw new Error(`task ${i}`);
      });
    }
    await expect(group.wait()).rejects.toThrow("task 0");
    expect(ran).toEqual([0, 1, 2]);
  });

  it("waits for tasks that its tasks start", async () => {
    const group = new ErrGroup();
    let ran = 0;
    group.go(() => {
      group.go(async () => {
        await settled();
        ran++;
      });
    });
    await Promise.all([group.wait(), group.wait()]);
    expect(ran).toBe(1);
  });

  it("a wait may be given up; the group goes on", async () => {
    const group = new ErrGroup();
    const gate = new Channel<never>();
    group.go(() => gate.receive());
    const [ctx, cancel] = withCancel(background());
    const [leaves, stays] = [group.wait(ctx), group.wait()];
    cancel();
    await expect(leaves).rejects.toBe(ctx.err);
    expect(await stateOf(stays)).toBe("pending");
    gate.close();
    await stays;
    await expect(group.wait(ctx)).rejects.toBe(ctx.err);
  });

  it("never exceeds its limit, whatever the order in which tasks go on", () =>
    underManyOrders(async (pause) => {
      const group = new ErrGroup();
      group.setLimit(2);
      let active = 0;
      for (let i = 0; i < 5; i++) {
        group.go(async () => {
          expect(++active).toBeLessThanOrEqual(2);
          await pause(`works ${i}`);
          active--;
        });
      }
      await group.wait();
      expect(active).toBe(0);
    }));

  it("cancel at every turn: the wait ends, the tasks end, nothing is left", async () => {
    const before = numTasks();
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      const group = new ErrGroup();
      let ran = 0;
      for (let i = 0; i < 2; i++) {
        group.go(async () => {
          await null;
          ran++;
        });
      }
      await group.wait({ signal }).catch((error: unknown) => expect(error).toBe(reason));
      await group.wait();
      expect(ran).toBe(2);
    });
    await settled();
    expect(numTasks()).toBe(before);
    expect(turns).toBeGreaterThan(2);
  });
});
