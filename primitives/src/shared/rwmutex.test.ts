import { describe, expect, it } from "vitest";
import { startThreads } from "../../testing/threads.js";
import { expectParked, settled } from "../../testing/turn.js";
import { SharedRWMutex } from "../shared.js";

const stateOf = ({ readers, writerHeld, waiters }: SharedRWMutex) => ({ readers, writerHeld, waiters });
const idle = { readers: 0, writerHeld: false, waiters: 0 };

describe("SharedRWMutex", () => {
  it("TestParallelReaders: four threads read at the same time", async () => {
    const rw = new SharedRWMutex();
    const inside = new Int32Array(new SharedArrayBuffer(4));
    const body = `
      const rw = shared.SharedRWMutex.from(data.rw);
      if (data.index % 2 === 0) rw.rLockSync(); else await rw.rLock();
      Atomics.add(data.inside, 0, 1);
      Atomics.notify(data.inside, 0);
      for (let n = 0; (n = Atomics.load(data.inside, 0)) < 4; ) Atomics.wait(data.inside, 0, n);
      rw.rUnlock();`;
    const threads = await startThreads(4, body, { rw: rw.handle, inside });
    expect(await Promise.all(threads.map(({ end }) => end))).toEqual([0, 0, 0, 0]);
    expect(stateOf(rw)).toEqual(idle);
  });

  it("TestRWMutex: what tryLock and tryRLock say in each state", async () => {
    const rw = new SharedRWMutex();
    await rw.lock();
    expect([rw.tryLock(), rw.tryRLock(), rw.writerHeld]).toEqual([false, false, true]);
    rw.unlock();
    expect(rw.tryLock()).toBe(true);
    rw.unlock();
    await rw.rLock();
    expect(rw.tryRLock()).toBe(true);
    expect([rw.tryLock(), rw.readers]).toEqual([false, 2]);
    rw.rUnlock();
    rw.rUnlock();
    expect(stateOf(rw)).toEqual(idle);
  });

  it("TestRWMutex (HammerRWMutex): readers see readers only, a writer nobody", async () => {
    for (const [readers, writers] of [
      [1, 1],
      [3, 1],
      [2, 2],
    ] as const) {
      const rw = new SharedRWMutex();
      const activity = new Int32Array(new SharedArrayBuffer(8));
      const body = `
        const rw = shared.SharedRWMutex.from(data.rw);
        const { activity, index, readers } = data;
        const check = (ok) => { if (!ok) Atomics.add(activity, 1, 1); };
        for (let i = 0; i < 1_000; i++) {
          if (index < readers) {
            if (i % 2 === 0) rw.rLockSync(); else await rw.rLock();
            const n = Atomics.add(activity, 0, 1) + 1;
            check(n >= 1 && n < 10_000);
            Atomics.sub(activity, 0, 1);
            rw.rUnlock();
          } else {
            if (i % 2 === 0) rw.lockSync(); else await rw.lock();
            check(Atomics.add(activity, 0, 10_000) === 0);
            Atomics.sub(activity, 0, 10_000);
            rw.unlock();
          }
        }`;
      const threads = await startThreads(readers + writers, body, { rw: rw.handle, activity, readers });
      for (let i = 0; i < 200; i++) {
        await rw.withLock(() => {
          if (Atomics.add(activity, 0, 10_000) !== 0) activity[1]!++;
          Atomics.sub(activity, 0, 10_000);
        });
        await rw.withRLock(() => {
          if (Atomics.load(activity, 0) >= 10_000) activity[1]!++;
        });
      }
      for (const { end } of threads) expect(await end).toBe(0);
      expect([...activity]).toEqual([0, 0]);
      expect(stateOf(rw)).toEqual(idle);
    }
  });

  it("TestRLocker: readers, then a writer who waits for both, then a reader who waits for the writer", async () => {
    const rw = new SharedRWMutex();
    const locker = rw.rLocker();
    const order: string[] = [];
    await locker.lock();
    await locker.lock();
    const writing = rw.lock().then(() => order.push("writes"));
    const reading = locker.lock().then(() => order.push("reads"));
    await settled();
    expect([order, rw.waiters]).toEqual([[], 2]);
    locker.unlock();
    await expectParked(writing);
    locker.unlock();
    await writing;
    await expectParked(reading);
    rw.unlock();
    await reading;
    locker.unlock();
    expect(stateOf(rw)).toEqual(idle);
  });

  it("readers that queued behind a writer go before the next writer; later ones do not", async () => {
    const rw = new SharedRWMutex();
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await rw.lock();
    const waits = [rw.rLock().then(note("r1")), rw.lock().then(note("w")), rw.rLock().then(note("r2"))];
    rw.unlock();
    await settled();
    expect(order).toEqual(["r1", "r2"]);
    waits.push(rw.rLock().then(note("r3")));
    rw.rUnlock();
    rw.rUnlock();
    await settled();
    expect(order).toEqual(["r1", "r2", "w"]);
    rw.unlock();
    await Promise.all(waits);
    rw.rUnlock();
    expect(order.at(-1)).toBe("r3");
    expect(stateOf(rw)).toEqual(idle);
  });

  it("TestMutexMisuse (RWMutex.Unlock …): six ways to unlock what is not locked that way", async () => {
    const rw = new SharedRWMutex();
    const unlock = { message: "sync: Unlock of unlocked RWMutex" };
    const rUnlock = { message: "sync: RUnlock of unlocked RWMutex" };
    const code = (code: string, error: object) =>
      expect.objectContaining({ name: "SyncError", code, ...error });
    expect(() => rw.unlock()).toThrow(code("unlock-of-unlocked", unlock));
    expect(() => rw.rUnlock()).toThrow(code("unlock-of-unlocked", rUnlock));
    await rw.rLock();
    expect(() => rw.unlock()).toThrow(code("mismatched-unlock", unlock));
    rw.rUnlock();
    await rw.lock();
    expect(() => rw.rUnlock()).toThrow(code("mismatched-unlock", rUnlock));
    rw.unlock();
    expect(() => rw.unlock()).toThrow(code("unlock-of-unlocked", unlock));
    expect(stateOf(rw)).toEqual(idle);
  });

  it("a writer who gives up lets in the readers that it held up", async () => {
    const rw = new SharedRWMutex();
    await rw.rLock();
    const controller = new AbortController();
    const writing = rw.lock({ signal: controller.signal });
    const reading = rw.rLock();
    await expectParked(reading);
    controller.abort(new Error("gone"));
    await expect(writing).rejects.toThrow("gone");
    await reading;
    expect(rw.lockSync(2), "a blocked one may give up as well").toBe(false);
    expect(rw.tryRLock()).toBe(true);
    expect(stateOf(rw)).toEqual({ readers: 3, writerHeld: false, waiters: 0 });
  });

  it("cancel at every step: either it is held or nothing is left", async () => {
    for (const kind of ["lock", "rLock"] as const) {
      for (let step = 0; step <= 4; step++) {
        const rw = new SharedRWMutex();
        const controller = new AbortController();
        let outcome = "";
        let wait: Promise<unknown> = Promise.resolve();
        const unlock = () => (kind === "lock" ? rw.unlock() : rw.rUnlock());
        const script = [
          () => rw.lock(),
          () => {
            const options = { signal: controller.signal };
            wait = rw[kind](options).then(
              () => (outcome = "held"),
              () => (outcome = "left"),
            );
          },
          () => rw.unlock(),
          () => settled(),
        ];
        for (const [at, act] of script.entries()) {
          if (at === step) controller.abort();
          await act();
        }
        controller.abort();
        await wait;
        expect(outcome).toBe(step <= 2 ? "left" : "held");
        if (outcome === "held") unlock();
        expect(stateOf(rw)).toEqual(idle);
      }
    }
  });

  it("reads that one thread began and another ends are counted right", async () => {
    const rw = new SharedRWMutex();
    await rw.rLock();
    const other = SharedRWMutex.from(rw.handle);
    other.rUnlock();
    expect(() => rw.rUnlock()).toThrow("RUnlock of unlocked");
    expect(stateOf(rw)).toEqual(idle);
  });
});
