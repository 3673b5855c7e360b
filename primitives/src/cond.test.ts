import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "../testing/programs.js";
import { expectParked, settled } from "../testing/turn.js";
import { Cond, go, type Locker, Mutex, RecursiveMutex, RWMutex } from "./index.js";
import { SharedMutex } from "./shared.js";

/** Waits once, with the lock held around it, and says so. */
async function waitOnce(cond: Cond, woken: () => unknown, options?: { signal: AbortSignal }): Promise<void> {
  await cond.l.lock();
  try {
    await cond.wait(options);
    woken();
  } finally {
    cond.l.unlock();
  }
}

describe("Cond", () => {
  it("TestCondSignal: signal wakes exactly one, and nobody when nobody waits", async () => {
    const cond = new Cond(new Mutex());
    let awake = 0;
    const tasks = Array.from({ length: 5 }, () => go(() => waitOnce(cond, () => awake++)));
    await settled();
    expect([awake, cond.waiters]).toEqual([0, 5]);
    for (let n = 1; n <= 5; n++) {
      cond.signal();
      await settled();
      expect(awake).toBe(n);
    }
    cond.signal();
    await Promise.all(tasks.map((task) => task.join()));
    const late = go(() => waitOnce(cond, () => awake++));
    await settled();
    expect(awake, "the signal that found nobody is not kept").toBe(5);
    cond.signal();
    await late.join();
  });

  it("TestCondSignalGenerations: wakes a hundred in the order in which they came", async () => {
    const cond = new Cond(new Mutex());
    const order: number[] = [];
    for (let i = 0; i < 100; i++) {
      go(() => waitOnce(cond, () => order.push(i)));
      await settled();
      if (i > 0 && i % 3 === 0) cond.signal();
    }
    while (cond.waiters > 0) cond.signal();
    await settled();
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("TestCondBroadcast: wakes each of two hundred exactly once, two hundred times", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const rounds = Array<number>(200).fill(0);
    let exit = false;
    const tasks = rounds.map((_, i) =>
      go(async () => {
        await mu.lock();
        while (!exit) {
          await cond.wait();
          rounds[i]!++;
        }
        mu.unlock();
      }),
    );
    for (let round = 0; round < 200; round++) {
      while (cond.waiters < rounds.length) await settled();
      expect(rounds.every((count) => count === round)).toBe(true);
      exit = round === 199;
      cond.broadcast();
    }
    await Promise.all(tasks.map((task) => task.join()));
    expect(rounds.every((count) => count === 200)).toBe(true);
    cond.broadcast();
  });

  it("TestRace: three tasks pass a number on, each waiting for its turn", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    let x = 0;
    const turn = (from: number) =>
      go(() =>
        mu.withLock(async () => {
          while (x !== from) await cond.wait();
          x = from + 1;
          cond.broadcast();
        }),
      );
    const tasks = [turn(2), turn(1), turn(0)];
    await Promise.all(tasks.map((task) => task.join()));
    expect(x).toBe(3);
  });

  it("TestCondSignalStealing: who waited before a broadcast is woken, whoever comes at the same moment", async () => {
    for (let i = 0; i < 1000; i++) {
      const mu = new Mutex();
      const cond = new Cond(mu);
      let broadcast = false;
      const first = go(() => waitOnce(cond, () => {}));
      await null;
      await null;
      expect(cond.waiters).toBe(1);
      const second = go(async () => {
        await mu.lock();
        while (!broadcast) await cond.wait();
        mu.unlock();
      });
      if (i % 2 === 0) await null;
      cond.signal();
      await first.join();
      broadcast = true;
      cond.broadcast();
      await second.join();
    }
  });

  it("TestCondCopy: a copy throws", () => {
    const cond = new Cond(new Mutex());
    expect(() => structuredClone(cond)).toThrow("a primitive is copied");
    expect(() => JSON.stringify({ cond })).toThrow("sync.Cond is copied");
  });

  it("gives the lock up while it waits, and has it again when it returns", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    const wait = cond.wait();
    expect(mu.locked).toBe(false);
    await mu.lock();
    cond.signal();
    await expectParked(wait);
    mu.unlock();
    await wait;
    expect(mu.locked).toBe(true);
  });

  it("has its place in line before it unlocks: a signal from whoever gets the lock reaches it", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    const signaller = mu.lock().then(() => {
      cond.signal();
      mu.unlock();
    });
    await cond.wait();
    await signaller;
    expect(mu.locked).toBe(true);
  });

  const lockers: [name: string, make: () => Locker][] = [
    ["Mutex", () => new Mutex()],
    ["RWMutex", () => new RWMutex()],
    ["RWMutex.rLocker()", () => new RWMutex().rLocker()],
    ["RecursiveMutex", () => new RecursiveMutex()],
    ["SharedMutex", () => new SharedMutex()],
  ];
  it.each(lockers)("works with a %s", async (_, make) => {
    const cond = new Cond(make());
    const order: number[] = [];
    const tasks = [1, 2, 3].map((n) => go(() => waitOnce(cond, () => order.push(n))));
    await settled();
    cond.signal();
    await settled();
    expect(order).toEqual([1]);
    cond.broadcast();
    await Promise.all(tasks.map((task) => task.join()));
    expect(order).toEqual([1, 2, 3]);
  });

  it("survives a locker that signals, or aborts, from within its own unlock", async () => {
    const controller = new AbortController();
    let inUnlock = () => {};
    let held = 0;
    const locker: Locker = {
      lock: async () => {
        held++;
      },
      unlock: () => {
        held--;
        inUnlock();
      },
    };
    const cond = new Cond(locker);
    await locker.lock();
    inUnlock = () => cond.signal();
    await cond.wait();
    inUnlock = () => controller.abort(new Error("within"));
    await expect(cond.wait({ signal: controller.signal })).rejects.toThrow("within");
    expect([held, cond.waiters]).toEqual([1, 0]);
  });

  it("wait without the lock fails with what the unlock says, and waits for nothing", async () => {
    const cond = new Cond(new Mutex({ name: "mu" }));
    await expect(cond.wait()).rejects.toMatchObject({
      message: "sync: unlock of unlocked mutex",
      primitive: "mu",
    });
    expect(cond.waiters).toBe(0);
  });
});

describe("Cond cancellation", () => {
  it("an aborted signal rejects at once, the lock never given up", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    const other = mu.lock();
    await expect(cond.wait({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    await expectParked(other);
    expect([mu.locked, cond.waiters]).toEqual([true, 0]);
  });

  it("aborted while it waits it has the lock again before it rejects, however long that takes", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const controller = new AbortController();
    await mu.lock();
    const wait = cond.wait({ signal: controller.signal });
    await mu.lock();
    controller.abort(new Error("gave up"));
    expect(cond.waiters).toBe(0);
    await expectParked(wait);
    mu.unlock();
    await expect(wait).rejects.toThrow("gave up");
    expect(mu.locked).toBe(true);
  });

  it("a signal passes by whoever has given up, also in the very same abort", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => cond.signal());
    const outcomes: string[] = [];
    const wait = (name: string, options?: { signal: AbortSignal }) =>
      waitOnce(cond, () => outcomes.push(name), options).catch(() => outcomes.push(`${name} left`));
    const all = [wait("a", { signal: controller.signal }), wait("b")];
    await settled();
    controller.abort();
    await Promise.all(all);
    expect(outcomes.sort()).toEqual(["a left", "b"]);
    expect(mu.locked).toBe(false);
  });

  it("cancel at every step: the caller holds the lock in the end, and no signal is lost", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const mu = new Mutex();
      const cond = new Cond(mu);
      const outcomes: unknown[] = [];
      let inside = 0;
      const waiter = async (options?: { signal: AbortSignal }) => {
        await mu.lock();
        try {
          await cond.wait(options);
          outcomes.push("woken");
        } catch (error) {
          outcomes.push(error);
        } finally {
          expect(++inside).toBe(1);
          await null;
          inside--;
          mu.unlock();
        }
      };
      const waiters = [waiter({ signal }), waiter()];
      await mu.lock();
      cond.signal();
      await null;
      mu.unlock();
      for (let turn = 0; turn < 8; turn++) await null;
      cond.signal();
      await Promise.all(waiters);
      expect(outcomes).toContain("woken");
      expect(outcomes.every((outcome) => outcome === "woken" || outcome === reason)).toBe(true);
      expect([mu.locked, mu.waiters, cond.waiters]).toEqual([false, 0, 0]);
    });
    expect(points).toBeGreaterThan(8);
  });

  it("ten thousand on one signal leave, and come back one by one with the lock", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const controller = new AbortController();
    let left = 0;
    const all = Array.from({ length: 10_000 }, () =>
      waitOnce(cond, () => expect.unreachable(), { signal: controller.signal }).catch(() => left++),
    );
    await settled();
    expect(cond.waiters).toBe(10_000);
    controller.abort();
    expect(cond.waiters).toBe(0);
    await Promise.all(all);
    expect([left, mu.locked]).toEqual([10_000, false]);
  });
});

describe("Cond against a model", () => {
  it("is a line of which a signal takes one and a broadcast all", async () => {
    const step = fc.record({
      act: fc.constantFrom("wait", "wait", "signal", "broadcast", "abort"),
      who: fc.nat(),
    });
    await checkPrograms(step, () => {
      const mu = new Mutex();
      const cond = new Cond(mu);
      const calls = new Calls();
      let line: number[] = [];
      const woken: number[] = [];
      return {
        async step({ act, who }) {
          if (act === "wait") {
            await mu.lock();
            line.push(
              calls.begin(async (options) => {
                await cond.wait(options).finally(() => mu.unlock());
              }),
            );
          } else if (act === "abort") {
            const leaver = line[who % line.length];
            if (leaver === undefined) return;
            line = line.filter((waiting) => waiting !== leaver);
            calls.abort(leaver);
          } else {
            woken.push(...line.splice(0, act === "signal" ? 1 : line.length));
            cond[act]();
          }
          expect(cond.waiters).toBe(line.length);
        },
        end() {
          expect(calls.returned).toEqual(woken);
          expect(cond.waiters).toBe(line.length);
          expect(mu.locked).toBe(false);
        },
      };
    });
  });

  it("a bounded store loses and doubles nothing under any order of arrivals", async () => {
    await underManyOrders(async (pause) => {
      const mu = new Mutex();
      const [notFull, notEmpty] = [new Cond(mu), new Cond(mu)];
      const store: number[] = [];
      const taken: number[] = [];
      const produce = async (items: number[]) => {
        for (const item of items) {
          await pause();
          await mu.lock();
          while (store.length === 2) await notFull.wait();
          store.push(item);
          expect(store.length).toBeLessThanOrEqual(2);
          notEmpty.signal();
          mu.unlock();
        }
      };
      const consume = async (count: number) => {
        for (let i = 0; i < count; i++) {
          await pause();
          await mu.lock();
          while (store.length === 0) await notEmpty.wait();
          taken.push(store.shift()!);
          notFull.signal();
          mu.unlock();
        }
      };
      await Promise.all([produce([1, 2, 3, 4]), produce([5, 6, 7, 8]), consume(3), consume(5)]);
      expect(taken.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });
});
