import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { expectParked, settled } from "../testing/turn.js";
import { go, gosched, Mutex, SyncError, sleep } from "./index.js";

describe("Mutex", () => {
  it("TestMutex: tryLock is false while it is locked and true when it is free", async () => {
    const mu = new Mutex();
    await mu.lock();
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    expect(mu.locked).toBe(true);
    mu.unlock();
    expect(mu.locked).toBe(false);
  });

  it("TestMutex: ten tasks that lock and try a thousand times each exclude one another and all end", async () => {
    const mu = new Mutex();
    let inside = 0;
    let sections = 0;
    const hammer = async () => {
      for (let i = 0; i < 1000; i++) {
        if (i % 3 === 0) {
          if (!mu.tryLock()) continue;
        } else await mu.lock();
        expect(++inside).toBe(1);
        await null;
        inside--;
        sections++;
        mu.unlock();
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => go(hammer).join()));
    expect(sections).toBeGreaterThanOrEqual(6660);
    expect(mu.locked).toBe(false);
    expect(mu.waiters).toBe(0);
  });

  it("TestSemaphore: ten tasks hand it on a thousand times without losing a wake-up", async () => {
    const mu = new Mutex();
    let count = 0;
    const task = async () => {
      for (let i = 0; i < 1000; i++) {
        await mu.lock();
        count++;
        mu.unlock();
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => go(task).join()));
    expect(count).toBe(10_000);
  });

  it("TestMutexFairness: a task that locks in a loop does not keep another one out", async () => {
    const mu = new Mutex();
    let stop = false;
    const hog = go(async () => {
      while (!stop) {
        await mu.lock();
        await gosched();
        mu.unlock();
      }
    });
    for (let i = 0; i < 10; i++) {
      await sleep(0);
      await mu.lock();
      mu.unlock();
    }
    stop = true;
    await hog.join();
    expect(mu.locked).toBe(false);
  });

  it("hands the lock to the waiters in order of arrival, and nobody slips in between", async () => {
    const mu = new Mutex();
    const order: number[] = [];
    await mu.lock();
    const waiting = [1, 2, 3].map((n) => mu.lock().then(() => order.push(n)));
    expect(mu.waiters).toBe(3);
    expect(mu.starving).toBe(true);

    mu.unlock();
    expect(mu.locked, "handed on, not freed").toBe(true);
    expect(mu.tryLock()).toBe(false);
    const late = mu.lock().then(() => order.push(4));
    for (let i = 0; i < 3; i++) {
      await settled();
      expect(order).toHaveLength(i + 1);
      mu.unlock();
    }
    await Promise.all([...waiting, late]);
    expect(order).toEqual([1, 2, 3, 4]);
    expect(mu.starving).toBe(false);
    expect(mu.woken).toBe(false);
  });

  it("returns one shared promise when it need not wait", () => {
    const [a, b] = [new Mutex(), new Mutex()];
    expect(a.lock()).toBe(b.lock());
  });

  it("may be unlocked by a task that did not lock it", async () => {
    const mu = new Mutex();
    await mu.lock();
    await go(() => mu.unlock()).join();
    expect(mu.locked).toBe(false);
  });

  it("goes by the name it was given, else by kind and number", () => {
    expect(new Mutex({ name: "accounts" }).name).toBe("accounts");
    expect(new Mutex().name).toMatch(/^Mutex#\d+$/);
  });
});

describe("Mutex misuse", () => {
  it("TestMutexMisuse (Mutex.Unlock): unlock of what was never locked", () => {
    const mu = new Mutex({ name: "counter" });
    expect(() => mu.unlock()).toThrow(
      expect.objectContaining({
        name: "SyncError",
        message: "sync: unlock of unlocked mutex",
        code: "unlock-of-unlocked",
        primitive: "counter",
      }),
    );
    expect(mu.locked).toBe(false);
  });

  it("TestMutexMisuse (Mutex.Unlock2): unlock twice", async () => {
    const mu = new Mutex();
    await mu.lock();
    mu.unlock();
    expect(() => mu.unlock()).toThrow(SyncError);
    await mu.lock();
    expect(mu.locked, "still usable").toBe(true);
  });

  it("says which task it was", async () => {
    const task = go(() => new Mutex().unlock(), { name: "worker" });
    await expect(task.join()).rejects.toMatchObject({ task: "worker" });
  });
});

describe("Mutex guards", () => {
  it("acquire: using releases at the end of the block, however it is left", async () => {
    const mu = new Mutex();
    await expect(async () => {
      using _guard = await mu.acquire();
      expect(mu.locked).toBe(true);
      throw new Error("left early");
    }).rejects.toThrow("left early");
    expect(mu.locked).toBe(false);
  });

  it("acquire: release() then the end of the block releases once", async () => {
    const mu = new Mutex();
    {
      using guard = await mu.acquire();
      guard.release();
      await mu.lock();
    }
    expect(mu.locked, "somebody else's lock is left alone").toBe(true);
  });

  it("acquire: release() twice throws, and so does release() after the block", async () => {
    const mu = new Mutex();
    const guard = await mu.acquire();
    guard.release();
    expect(() => guard.release()).toThrow(
      expect.objectContaining({ code: "unlock-of-unlocked", message: "sync: release of released guard" }),
    );
    const disposed = await mu.acquire();
    disposed[Symbol.dispose]();
    disposed[Symbol.dispose]();
    expect(() => disposed.release()).toThrow(SyncError);
    expect(mu.locked).toBe(false);
  });

  it("acquire: the guard is not thenable", async () => {
    expect(await new Mutex().acquire()).not.toHaveProperty("then");
  });

  it("withLock passes on what the function returns or throws, unlocked", async () => {
    const mu = new Mutex();
    expect(await mu.withLock(() => mu.locked)).toBe(true);
    expect(await mu.withLock(async () => "value")).toBe("value");
    await expect(
      mu.withLock(() => {
        throw new Error("inside");
      }),
    ).rejects.toThrow("inside");
    expect(mu.locked).toBe(false);
  });
});

describe("Mutex cancellation", () => {
  const warnings: Error[] = [];
  const collect = (warning: Error) => warnings.push(warning);
  afterEach(() => process.off("warning", collect));

  it("an aborted signal takes nothing, even when the lock is free", async () => {
    const mu = new Mutex();
    const reason = new Error("changed my mind");
    await expect(mu.lock({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(mu.acquire({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const never = () => expect.unreachable();
    await expect(mu.withLock(never, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(mu.locked).toBe(false);
  });

  it("a waiter that aborts leaves the queue; the others keep their order", async () => {
    const mu = new Mutex();
    const order: string[] = [];
    const enter = (name: string, signal?: AbortSignal) =>
      mu.lock(signal && { signal }).then(
        () => order.push(name),
        () => order.push(`${name} left`),
      );
    await mu.lock();
    const controller = new AbortController();
    void enter("a");
    void enter("b", controller.signal);
    void enter("c");
    controller.abort();
    expect(mu.waiters).toBe(2);
    await settled();
    expect(order).toEqual(["b left"]);
    mu.unlock();
    await settled();
    mu.unlock();
    await settled();
    expect(order).toEqual(["b left", "a", "c"]);
  });

  it("the first and the last in line may leave as well", async () => {
    for (const leaver of [0, 2]) {
      const mu = new Mutex();
      await mu.lock();
      const controllers = [0, 1, 2].map(() => new AbortController());
      const waits = controllers.map(({ signal }) => mu.lock({ signal }));
      controllers[leaver]!.abort(new Error("left"));
      await expect(waits[leaver]).rejects.toThrow("left");
      mu.unlock();
      await settled();
      mu.unlock();
      await Promise.all(waits.filter((_, i) => i !== leaver));
      mu.unlock();
      expect(mu.locked).toBe(false);
    }
  });

  it("aborting after the lock was handed over changes nothing: it is held", async () => {
    const mu = new Mutex();
    await mu.lock();
    const controller = new AbortController();
    const wait = mu.lock({ signal: controller.signal });
    mu.unlock();
    controller.abort();
    await wait;
    expect(mu.locked).toBe(true);
  });

  it("one abort that reaches an unlock before the waiter gives the lock to the next one", async () => {
    const mu = new Mutex();
    await mu.lock();
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => mu.unlock());
    const gone = mu.lock({ signal: controller.signal });
    const next = mu.lock();
    controller.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    await next;
    expect(mu.locked).toBe(true);
    expect(mu.waiters).toBe(0);
  });

  it("ten thousand waiters on one signal: one listener, no warning, all leave in order", async () => {
    process.on("warning", collect);
    const mu = new Mutex();
    await mu.lock();
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    const order: number[] = [];
    for (let i = 0; i < 10_000; i++) mu.lock({ signal }).catch(() => order.push(i));
    expect(mu.waiters).toBe(10_000);
    controller.abort();
    expect(mu.waiters).toBe(0);
    await settled();
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(listeners).toBe(1);
    expect(warnings).toEqual([]);
    mu.unlock();
    expect(mu.locked).toBe(false);
  });

  it("takes its listener off the signal when nobody waits on it any more", async () => {
    const mu = new Mutex();
    const { signal } = new AbortController();
    let listeners = 0;
    signal.addEventListener = () => listeners++;
    signal.removeEventListener = () => listeners--;
    await mu.lock();
    const waits = [mu.lock({ signal }), mu.lock({ signal })];
    expect(listeners).toBe(1);
    mu.unlock();
    await waits[0];
    expect(listeners).toBe(1);
    mu.unlock();
    await waits[1];
    expect(listeners).toBe(0);
  });

  it("cancel at every step: the wait ends either with the lock or without a trace", async () => {
    for (let step = 0; step <= 5; step++) {
      const mu = new Mutex();
      const controller = new AbortController();
      const { signal } = controller;
      const [held, left] = [() => "held", () => "left"];
      const waits: Promise<string>[] = [];
      const script: (() => unknown)[] = [
        () => waits.push(mu.lock().then(held)),
        () => waits.push(mu.lock({ signal }).then(held, left)),
        () => waits.push(mu.lock().then(held)),
        () => mu.unlock(),
        () => settled(),
      ];
      for (const [at, act] of script.entries()) {
        if (at === step) controller.abort();
        await act();
      }
      if (step === script.length) controller.abort();
      // The unlock gave the lock to the second, or to the third if the second had left by then.
      mu.unlock();
      await settled();
      if (mu.locked) mu.unlock();
      expect(await Promise.all(waits), `aborted before step ${step}`).toEqual([
        "held",
        step <= 3 ? "left" : "held",
        "held",
      ]);
      expect([mu.locked, mu.waiters]).toEqual([false, 0]);
    }
  });
});

describe("Mutex against a model", () => {
  type Step = { act: "lock" | "tryLock" | "unlock" | "abort"; who: number };

  it("does what a list of waiters does, whatever the program", async () => {
    const step: fc.Arbitrary<Step> = fc.record({
      act: fc.constantFrom("lock", "tryLock", "unlock", "abort"),
      who: fc.nat({ max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const mu = new Mutex();
        const model = { owner: null as number | null, line: [] as number[] };
        const got: number[] = [];
        const expected: number[] = [];
        const pending = new Map<number, { ticket: number; controller: AbortController }>();
        let ticket = 0;
        for (const { act, who } of steps) {
          if (act === "lock") {
            if (pending.has(who)) continue;
            const mine = ticket++;
            const controller = new AbortController();
            const { signal } = controller;
            if (model.owner === null) {
              model.owner = mine;
              expected.push(mine);
            } else {
              model.line.push(mine);
              pending.set(who, { ticket: mine, controller });
            }
            mu.lock({ signal }).then(
              () => got.push(mine),
              () => {},
            );
          } else if (act === "tryLock") {
            const free = model.owner === null;
            if (free) model.owner = ticket++;
            expect(mu.tryLock()).toBe(free);
          } else if (act === "unlock") {
            if (model.owner === null) expect(() => mu.unlock()).toThrow(SyncError);
            else {
              model.owner = model.line.shift() ?? null;
              if (model.owner !== null) expected.push(model.owner);
              for (const [name, wait] of pending) if (wait.ticket === model.owner) pending.delete(name);
              mu.unlock();
            }
          } else {
            const wait = pending.get(who);
            if (wait === undefined) continue;
            model.line = model.line.filter((waiting) => waiting !== wait.ticket);
            pending.delete(who);
            wait.controller.abort();
          }
          expect(mu.locked).toBe(model.owner !== null);
          expect(mu.waiters).toBe(model.line.length);
          await Promise.resolve();
        }
        await settled();
        expect(got).toEqual(expected);
      }),
    );
  });

  it("excludes under every order in which the tasks' other awaits end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const mu = new Mutex();
        let inside = 0;
        const section = async (n: number) => {
          await s.schedule(Promise.resolve(), `arrives ${n}`);
          await mu.lock();
          expect(++inside).toBe(1);
          await s.schedule(Promise.resolve(), `works ${n}`);
          inside--;
          mu.unlock();
        };
        const all = Promise.all([1, 2, 3, 4].map(section));
        await s.waitFor(all);
        expect(mu.locked).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

it("a second lock by the same task waits for ever", async () => {
  const mu = new Mutex();
  await mu.lock();
  await expectParked(mu.lock());
});
