import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectGarbage } from "../testing/collect.js";
import { cancelAtEveryTurn } from "../testing/programs.js";
import { expectParked } from "../testing/turn.js";
import { silentInstrument } from "../testing/virtual-clock.js";
import { detectRelock, go, gosched, type Locker, Mutex, RecursiveMutex, RWMutex } from "./index.js";
import { plugIn } from "./runtime/registry.js";
import { SharedMutex } from "./shared.js";

let detection: Disposable;
beforeEach(() => {
  detection = detectRelock();
});
afterEach(() => detection[Symbol.dispose]());

describe("a task that locks again what it holds", () => {
  const lockers: [name: string, make: () => Locker, kind: string][] = [
    ["Mutex", () => new Mutex({ name: "mu" }), "Mutex"],
    ["RWMutex", () => new RWMutex({ name: "mu" }), "RWMutex"],
    ["SharedMutex", () => new SharedMutex({ name: "mu" }), "SharedMutex"],
  ];
  it.each(lockers)("gets an error, and is where it was before: %s", async (_, make, kind) => {
    const mu = make();
    const task = go(
      async () => {
        await mu.lock();
        await gosched();
        await expect(mu.lock()).rejects.toMatchObject({
          name: "SyncError",
          code: "reentrant-lock",
          message: `sync: deadlock: a task locks again the ${kind} that it holds`,
          primitive: "mu",
          task: "locker",
        });
        expect(task.state, "it does not wait").toBe("running");
        mu.unlock();
        await mu.lock();
        mu.unlock();
      },
      { name: "locker" },
    );
    await task.join();
    expect(task.state).toBe("done");
  });

  it("through what it calls, by every way to lock, and after a wait for the lock too", async () => {
    const mu = new Mutex();
    const inner = [
      () => mu.lock(),
      () => mu.acquire(),
      () => mu.withLock(() => {}),
      () => mu.lock({ signal: new AbortController().signal }),
    ];
    const outer = () =>
      go(() =>
        mu.withLock(async () => {
          for (const call of inner) {
            await gosched();
            await expect(call()).rejects.toMatchObject({ code: "reentrant-lock" });
          }
        }),
      );
    await Promise.all([outer(), outer()].map((task) => task.join()));
    expect([mu.locked, mu.waiters]).toEqual([false, 0]);
  });

  it("of an RWMutex: write in read, read in write, read in read behind a writer", async () => {
    const rw = new RWMutex();
    await go(async () => {
      await rw.rLock();
      await expect(rw.lock()).rejects.toMatchObject({ code: "reentrant-lock" });
      await rw.rLock();
      rw.rUnlock();
      const writer = go(() => rw.withLock(() => {}));
      await gosched();
      await expect(rw.rLock()).rejects.toMatchObject({ code: "recursive-read-lock" });
      rw.rUnlock();
      await writer.join();
      await rw.lock();
      await expect(rw.rLock()).rejects.toMatchObject({ code: "reentrant-lock" });
      rw.unlock();
    }).join();
    expect([rw.writerHeld, rw.readers, rw.waiters]).toEqual([false, 0, 0]);
  });
});

it("of two readers, the one who has stopped reading may write when the other has; not the other", async () => {
  const rw = new RWMutex();
  const reads = async () => {
    await rw.rLock();
    await gosched();
  };
  const stays = go(
    async () => {
      await reads();
      await gosched();
      await expect(rw.lock()).rejects.toMatchObject({ code: "reentrant-lock", task: "stays" });
      rw.rUnlock();
    },
    { name: "stays" },
  );
  const changes = go(async () => {
    await reads();
    rw.rUnlock();
    await rw.lock();
    rw.unlock();
  });
  await Promise.all([stays.join(), changes.join()]);
});

describe("what looks like it and is not", () => {
  it("two calls side by side, of which one waits for the other", async () => {
    const mu = new Mutex();
    let inside = 0;
    const section = async (early: boolean) => {
      if (!early) await null;
      await mu.lock();
      expect(++inside).toBe(1);
      await gosched();
      inside--;
      mu.unlock();
    };
    await go(() => Promise.all([false, false, true, true].map(section))).join();
    expect(mu.locked).toBe(false);
  });

  it("a task that the holder starts; a lock given back in between; another's lock", async () => {
    const [mu, other] = [new Mutex(), new Mutex()];
    await go(async () => {
      await mu.lock();
      const inner = go(() => mu.withLock(() => {}));
      await gosched();
      await other.withLock(() => gosched());
      mu.unlock();
      await inner.join();
      const busy = go(() => mu.withLock(() => gosched()));
      await null;
      await null;
      await mu.lock();
      mu.unlock();
      await busy.join();
    }).join();
  });

  it("a lock that another task has given back for the holder", async () => {
    const mu = new Mutex();
    await go(async () => {
      await mu.lock();
      await go(() => mu.unlock()).join();
      const next = go(() => mu.withLock(() => gosched()));
      await null;
      await null;
      expect(mu.locked).toBe(true);
      await mu.lock();
      mu.unlock();
      await next.join();
    }).join();
  });

  it("a wait that was given up", async () => {
    const points = await cancelAtEveryTurn(async (signal) => {
      const mu = new Mutex();
      const holder = go(async () => {
        await mu.lock();
        for (let turn = 0; turn < 5; turn++) await null;
        mu.unlock();
      });
      await null;
      await go(async () => {
        await mu.lock({ signal }).then(
          () => mu.unlock(),
          () => {},
        );
        await mu.lock();
        mu.unlock();
      }).join();
      await holder.join();
      expect([mu.locked, mu.waiters]).toEqual([false, 0]);
    });
    expect(points).toBeGreaterThan(5);
  });

  it("code outside go, which may be anybody's; a RecursiveMutex", async () => {
    const mu = new Mutex();
    await mu.lock();
    const second = mu.lock();
    await expectParked(second);
    mu.unlock();
    await second;
    const recursive = new RecursiveMutex();
    await go(() => recursive.withLock(() => recursive.withLock(() => gosched()))).join();
  });
});

it("judges every program right: an error for each lock of what the task holds, none for any other", async () => {
  const act = fc.record({
    act: fc.constantFrom("lock", "lock", "tryLock", "unlock", "pause", "call", "beside"),
    lock: fc.nat({ max: 2 }),
  });
  const scripts = fc.array(fc.array(act, { maxLength: 12 }), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(scripts, fc.scheduler(), async (scripts, scheduler) => {
    const locks = [new Mutex(), new Mutex(), new Mutex()];
    const task = async (script: { act: string; lock: number }[]) => {
      const held = new Set<number>();
      const lock = async (at: number) => {
        if (held.has(at)) {
          await expect(locks[at]!.lock()).rejects.toMatchObject({ code: "reentrant-lock" });
        } else if ([...held].every((other) => other < at)) {
          // In one order only: these programs end.
          await locks[at]!.lock();
          held.add(at);
        }
      };
      for (const { act, lock: at } of script) {
        if (act === "lock") await lock(at);
        else if (act === "tryLock") {
          if (locks[at]!.tryLock()) held.add(at);
          // Whoever locks in the same stretch may be somebody beside.
          await null;
        } else if (act === "unlock") {
          if (held.delete(at)) locks[at]!.unlock();
        } else if (act === "pause") await scheduler.schedule(Promise.resolve());
        else if (act === "call") await (async () => await lock(at))();
        else if (held.size === 0) {
          const section = async () => {
            await scheduler.schedule(Promise.resolve());
            await locks[at]!.withLock(() => scheduler.schedule(Promise.resolve()));
          };
          await Promise.all([section(), section()]);
        }
      }
      for (const at of held) locks[at]!.unlock();
    };
    await scheduler.waitFor(Promise.all(scripts.map((script) => go(() => task(script)).join())));
    expect(locks.map((mu) => [mu.locked, mu.waiters])).toEqual(Array(3).fill([false, 0]));
  });
  await fc.assert(property, { numRuns: 100 });
});

describe("detectRelock", () => {
  it("is off again when it is disposed", async () => {
    detection[Symbol.dispose]();
    const mu = new Mutex();
    await mu.lock();
    const task = go(async () => {
      await mu.lock();
      await mu.lock();
    });
    mu.unlock();
    await expectParked(task.join());
  });

  it("does not push out what is plugged in, and leaves alone what does the same", () => {
    detection[Symbol.dispose]();
    try {
      plugIn({ ...silentInstrument(), refuse: () => null });
      using _ = detectRelock();
      plugIn(silentInstrument());
      expect(() => detectRelock()).toThrow("another instrument is plugged in");
    } finally {
      plugIn(null);
    }
  });

  it("lets go of the locks that a task has given back or given up", async () => {
    const others = Array.from({ length: 20 }, () => new Mutex());
    const refs = others.map((mu) => new WeakRef(mu));
    for (const mu of others) mu.tryLock();
    await go(async () => {
      for (let i = 0; i < 20; i++) {
        const controller = new AbortController();
        const given = others.pop()!.lock({ signal: controller.signal });
        controller.abort();
        await given.catch(() => {});
        const mu = new Mutex();
        refs.push(new WeakRef(mu));
        await mu.withLock(() => {});
      }
      const last = new Mutex();
      await last.lock();
      await collectGarbage();
      const left = refs.filter((ref) => ref.deref() !== undefined).length;
      expect(left, "what the last rounds may have left on the stack").toBeLessThan(6);
      last.unlock();
    }).join();
  });

  it("lets go of the locks of a task that goes hand over hand", async () => {
    const refs: WeakRef<Mutex>[] = [];
    await go(async () => {
      let last = new Mutex();
      await last.lock();
      for (let i = 0; i < 20; i++) {
        const next = new Mutex();
        refs.push(new WeakRef(next));
        await next.lock();
        last.unlock();
        last = next;
      }
      await collectGarbage();
      const left = refs.filter((ref) => ref.deref() !== undefined).length;
      expect(left, "what the last rounds may have left on the stack").toBeLessThan(6);
      await expect(last.lock()).rejects.toMatchObject({ code: "reentrant-lock" });
    }).join();
  });
});
