import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn, underManyOrders } from "../testing/programs.js";
import { expectParked, settled } from "../testing/turn.js";
import { go, gosched, RWMutex, SyncError } from "./index.js";

describe("RWMutex", () => {
  it.each([1, 3, 4])("TestParallelReaders: %i readers all hold it at once", async (n) => {
    const rw = new RWMutex();
    const holding = Array.from({ length: n }, () => go(() => rw.rLock()));
    await Promise.all(holding.map((task) => task.join()));
    expect(rw.readers).toBe(n);
    for (let i = 0; i < n; i++) rw.rUnlock();
    expect(rw.tryLock()).toBe(true);
  });

  it("TestRWMutex: tryLock and tryRLock in every state", async () => {
    const rw = new RWMutex();
    const attempts = () => {
      const result = { write: rw.tryLock(), read: false };
      if (result.write) rw.unlock();
      result.read = rw.tryRLock();
      if (result.read) rw.rUnlock();
      return result;
    };
    expect(attempts()).toEqual({ write: true, read: true });
    await rw.lock();
    expect(attempts(), "written").toEqual({ write: false, read: false });
    rw.unlock();
    await rw.rLock();
    expect(attempts(), "read").toEqual({ write: false, read: true });
    const writer = rw.lock();
    expect(attempts(), "read, a writer waiting").toEqual({ write: false, read: false });
    rw.rUnlock();
    await writer;
    expect(rw.writerHeld).toBe(true);
  });

  // Go's HammerRWMutex: a reader counts one, a writer ten thousand; whoever sees the other's share cries.
  it.each([
    [1, 100],
    [3, 100],
    [10, 100],
    [5, 500],
  ])("TestRWMutex (hammer): %i readers, two writers, %i rounds", async (readers, rounds) => {
    const rw = new RWMutex();
    let activity = 0;
    const reader = async () => {
      for (let i = 0; i < rounds; i++) {
        await rw.rLock();
        expect(++activity).toBeLessThan(10_000);
        await (i % 7 === 0 ? gosched() : null);
        activity--;
        rw.rUnlock();
      }
    };
    const writer = async () => {
      for (let i = 0; i < rounds; i++) {
        await rw.lock();
        activity += 10_000;
        expect(activity).toBe(10_000);
        await (i % 5 === 0 ? gosched() : null);
        activity -= 10_000;
        rw.unlock();
      }
    };
    const tasks = [writer, ...Array(readers).fill(reader), writer].map((fn) => go(fn as () => Promise<void>));
    await Promise.all(tasks.map((task) => task.join()));
    expect([rw.readers, rw.writerHeld, rw.waiters, activity]).toEqual([0, false, 0, 0]);
  });

  it("TestRLocker: locks for reading, twice at once; a writer waits for both, a new reader for the writer", async () => {
    const rw = new RWMutex();
    const locker = rw.rLocker();
    expect(rw.rLocker()).toBe(locker);
    await locker.lock();
    await locker.lock();
    expect(rw.readers).toBe(2);
    const writer = rw.lock();
    const reader = locker.lock();
    locker.unlock();
    await expectParked(writer);
    locker.unlock();
    await writer;
    await expectParked(reader);
    rw.unlock();
    await reader;
    expect(rw.readers).toBe(1);
  });

  it("readers that queued behind a writer all go before the next writer, and those after them wait for it", async () => {
    const rw = new RWMutex();
    const order: string[] = [];
    const enter = (name: string, wait: Promise<void>) => wait.then(() => order.push(name));
    await rw.lock();
    void enter("r1", rw.rLock());
    void enter("w1", rw.lock());
    void enter("r2", rw.rLock());
    rw.unlock();
    await settled();
    expect(order).toEqual(["r1", "r2"]);
    expect(rw.readers).toBe(2);

    void enter("r3", rw.rLock());
    void enter("w2", rw.lock());
    rw.rUnlock();
    rw.rUnlock();
    await settled();
    expect(order).toEqual(["r1", "r2", "w1"]);
    rw.unlock();
    await settled();
    expect(order).toEqual(["r1", "r2", "w1", "r3"]);
    rw.rUnlock();
    await settled();
    expect(order).toEqual(["r1", "r2", "w1", "r3", "w2"]);
    rw.unlock();
    expect([rw.writerHeld, rw.readers, rw.waiters]).toEqual([false, 0, 0]);
  });

  it("guards and with… release what they took", async () => {
    const rw = new RWMutex();
    {
      using _write = await rw.acquire();
      expect(rw.writerHeld).toBe(true);
    }
    {
      using _read = await rw.acquireRead();
      using _other = await rw.acquireRead();
      expect(rw.readers).toBe(2);
    }
    expect(await rw.withLock(() => rw.writerHeld)).toBe(true);
    expect(await rw.withRLock(async () => rw.readers)).toBe(1);
    await expect(rw.withRLock(() => Promise.reject(new Error("inside")))).rejects.toThrow("inside");
    expect(rw.tryLock()).toBe(true);
  });
});

describe("RWMutex misuse (TestMutexMisuse)", () => {
  const unlockText = "sync: Unlock of unlocked RWMutex";
  const rUnlockText = "sync: RUnlock of unlocked RWMutex";
  type Act = "lock" | "rLock" | "unlock" | "rUnlock";
  const cases: [name: string, before: Act[], act: Act, message: string, code: string][] = [
    ["RWMutex.Unlock", [], "unlock", unlockText, "unlock-of-unlocked"],
    ["RWMutex.Unlock2", ["rLock"], "unlock", unlockText, "mismatched-unlock"],
    ["RWMutex.Unlock3", ["lock", "unlock"], "unlock", unlockText, "unlock-of-unlocked"],
    ["RWMutex.RUnlock", [], "rUnlock", rUnlockText, "unlock-of-unlocked"],
    ["RWMutex.RUnlock2", ["lock"], "rUnlock", rUnlockText, "mismatched-unlock"],
    ["RWMutex.RUnlock3", ["rLock", "rUnlock"], "rUnlock", rUnlockText, "unlock-of-unlocked"],
  ];
  it.each(cases)("%s: after [%s], %s fails and changes nothing", async (_, before, act, message, code) => {
    const rw = new RWMutex({ name: "rw" });
    for (const each of before) await rw[each]();
    const state = [rw.readers, rw.writerHeld];
    expect(() => rw[act]()).toThrow(expect.objectContaining({ message, code, primitive: "rw" }));
    expect([rw.readers, rw.writerHeld]).toEqual(state);
  });
});

describe("RWMutex cancellation", () => {
  it("an aborted signal takes neither side of a free lock", async () => {
    const rw = new RWMutex();
    const signal = AbortSignal.abort(new Error("no"));
    await expect(rw.lock({ signal })).rejects.toThrow("no");
    await expect(rw.rLock({ signal })).rejects.toThrow("no");
    expect(rw.tryLock()).toBe(true);
  });

  it("a writer that gives up lets the readers behind it in", async () => {
    const rw = new RWMutex();
    await rw.rLock();
    const controller = new AbortController();
    const writer = rw.lock({ signal: controller.signal });
    const readers = [rw.rLock(), rw.rLock()];
    await expectParked(readers[0]!);
    controller.abort(new Error("gave up"));
    await expect(writer).rejects.toThrow("gave up");
    await Promise.all(readers);
    expect(rw.readers).toBe(3);
  });

  it("another writer still waiting keeps them out", async () => {
    const rw = new RWMutex();
    await rw.rLock();
    const controller = new AbortController();
    const gone = rw.lock({ signal: controller.signal });
    const writer = rw.lock();
    const reader = rw.rLock();
    controller.abort(new Error("gave up"));
    await expect(gone).rejects.toThrow("gave up");
    await expectParked(reader);
    rw.rUnlock();
    await writer;
    rw.unlock();
    await reader;
  });

  it("readers that gave up with the writer get nothing from its leaving", async () => {
    const rw = new RWMutex();
    await rw.rLock();
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [rw.lock({ signal }), rw.rLock({ signal }), rw.rLock({ signal })];
    controller.abort(new Error("all of us"));
    for (const wait of waits) await expect(wait).rejects.toThrow("all of us");
    expect([rw.readers, rw.waiters]).toEqual([1, 0]);
  });
});

describe("RWMutex, cancel at every step", () => {
  type Side = "lock" | "rLock";
  const release = { lock: "unlock", rLock: "rUnlock" } as const;

  it.each<Side>(["lock", "rLock"])(
    "a %s that is given up anywhere leaves the others their turns",
    async (side) => {
      const points = await cancelAtEveryTurn(async (signal, reason) => {
        const rw = new RWMutex();
        let [reading, writing, sections] = [0, 0, 0];
        const section = async (how: Side, options?: { signal: AbortSignal }) => {
          await rw[how](options);
          if (how === "lock") writing++;
          else reading++;
          expect(writing === 0 || (writing === 1 && reading === 0)).toBe(true);
          sections++;
          await null;
          await null;
          if (how === "lock") writing--;
          else reading--;
          rw[release[how]]();
        };
        const others = [section("rLock"), section("lock"), section("rLock")];
        const aborted = section(side, { signal }).catch((error: unknown) => expect(error).toBe(reason));
        others.push(section("rLock"), section("lock"), section("rLock"));
        await Promise.all([...others, aborted]);
        expect(sections).toBeGreaterThanOrEqual(6);
        expect([rw.readers, rw.writerHeld, rw.waiters]).toEqual([0, false, 0]);
      });
      expect(points).toBeGreaterThan(8);
    },
  );

  it("excludes under every order in which the tasks' other awaits end", async () => {
    await underManyOrders(async (pause) => {
      const rw = new RWMutex();
      let activity = 0;
      const reader = async () => {
        await pause("a reader arrives");
        await rw.rLock();
        expect(++activity).toBeLessThan(100);
        await pause("reads");
        activity--;
        rw.rUnlock();
      };
      const writer = async () => {
        await pause("a writer arrives");
        await rw.lock();
        activity += 100;
        expect(activity).toBe(100);
        await pause("writes");
        activity -= 100;
        rw.unlock();
      };
      await Promise.all([reader, writer, reader, writer, reader].map((fn) => fn()));
      expect([rw.readers, rw.writerHeld, rw.waiters]).toEqual([0, false, 0]);
    });
  });
});

describe("RWMutex against a model", () => {
  /** The state table of rwmutex.ts, as plainly as it can be written. */
  class Model {
    readers = 0;
    written = false;
    line: { id: number; write: boolean }[] = [];
    granted: number[] = [];

    ask(id: number, write: boolean): void {
      const free = write
        ? !this.written && this.readers === 0
        : !this.written && !this.line.some((w) => w.write);
      if (free) this.grant(id, write);
      else this.line.push({ id, write });
    }
    grant(id: number, write: boolean): void {
      this.line = this.line.filter((waiting) => waiting.id !== id);
      if (write) this.written = true;
      else this.readers++;
      this.granted.push(id);
    }
    admitReaders(): void {
      for (const { id, write } of [...this.line]) if (!write) this.grant(id, false);
    }
    admitWriter(): void {
      const next = this.line.find((waiting) => waiting.write);
      if (next !== undefined && this.readers === 0 && !this.written) this.grant(next.id, true);
    }
    unlock(): void {
      this.written = false;
      this.admitReaders();
      this.admitWriter();
    }
    rUnlock(): void {
      this.readers--;
      this.admitWriter();
    }
    leave(id: number): void {
      this.line = this.line.filter((waiting) => waiting.id !== id);
      if (!this.written && !this.line.some((w) => w.write)) this.admitReaders();
    }
  }

  it("does what the model does, whatever the program", async () => {
    const step = fc.record({
      act: fc.constantFrom("lock", "rLock", "rLock", "unlock", "rUnlock", "abort"),
      who: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const rw = new RWMutex();
        const model = new Model();
        const got: number[] = [];
        const controllers: AbortController[] = [];
        for (const { act, who } of steps) {
          if (act === "lock" || act === "rLock") {
            const id = controllers.length;
            const controller = new AbortController();
            controllers.push(controller);
            model.ask(id, act === "lock");
            rw[act]({ signal: controller.signal }).then(
              () => got.push(id),
              () => {},
            );
          } else if (act === "abort") {
            if (model.line.length === 0) continue;
            const { id } = model.line[who % model.line.length]!;
            model.leave(id);
            controllers[id]!.abort();
          } else if (act === "unlock" ? model.written : model.readers > 0) {
            model[act]();
            rw[act]();
          } else {
            expect(() => rw[act]()).toThrow(SyncError);
          }
          expect([rw.readers, rw.writerHeld, rw.waiters]).toEqual([
            model.readers,
            model.written,
            model.line.length,
          ]);
          await Promise.resolve();
        }
        await settled();
        expect(got).toEqual(model.granted);
      }),
    );
  });
});
