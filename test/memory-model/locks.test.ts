import { Cond, go, Mutex, RecursiveMutex, RWMutex } from "@lockscope/sync";
import { Semaphore } from "@lockscope/sync/group";
import { describe, expect, it } from "vitest";

describe("Mutex", () => {
  it("An `unlock` happens before the next `lock` returns.", async () => {
    const log: string[] = [];
    const mu = new Mutex();
    await mu.lock();
    const next = mu.lock().then(() => log.push("locked"));
    log.push("unlock");
    mu.unlock();
    log.push("still alone");
    await next;
    expect(log).toEqual(["unlock", "still alone", "locked"]);
  });

  it("The lock goes to those who wait in the order in which they asked for it.", async () => {
    const log: number[] = [];
    const mu = new Mutex();
    await mu.lock();
    const waiting = [1, 2, 3].map((n) => mu.withLock(() => log.push(n)));
    mu.unlock();
    expect(mu.tryLock()).toBe(false);
    await Promise.all(waiting);
    expect(log).toEqual([1, 2, 3]);
  });

  it("A `lock` that is given up changes nothing of the order of the others.", async () => {
    const log: number[] = [];
    const mu = new Mutex();
    await mu.lock();
    const giveUp = new AbortController();
    const [first, second, third] = [1, 2, 3].map((n) =>
      mu.withLock(() => log.push(n), n === 2 ? { signal: giveUp.signal } : undefined),
    );
    giveUp.abort();
    mu.unlock();
    await expect(second).rejects.toThrow("aborted");
    await Promise.all([first, third]);
    expect(log).toEqual([1, 3]);
  });

  it("The end of a `withLock`'s function happens before the next holder's begins, also when it throws.", async () => {
    const log: string[] = [];
    const mu = new Mutex();
    const failing = mu.withLock(async () => {
      await null;
      log.push("throws");
      throw new Error("no");
    });
    const next = mu.withLock(() => log.push("next"));
    await expect(failing).rejects.toThrow("no");
    await next;
    expect(log).toEqual(["throws", "next"]);
  });
});

describe("RWMutex", () => {
  it("An `unlock` happens before each `rLock` that waits for it returns.", async () => {
    const log: string[] = [];
    const rw = new RWMutex();
    await rw.lock();
    const readers = [1, 2].map((n) => rw.rLock().then(() => log.push(`reads ${n}`)));
    log.push("unlock");
    rw.unlock();
    await Promise.all(readers);
    expect(log).toEqual(["unlock", "reads 1", "reads 2"]);
  });

  it("The `rUnlock` of each reader happens before the `lock` that waits for them returns.", async () => {
    const log: string[] = [];
    const rw = new RWMutex();
    await rw.rLock();
    await rw.rLock();
    const writer = rw.lock().then(() => log.push("writes"));
    for (const n of [1, 2]) {
      await null;
      log.push(`rUnlock ${n}`);
      rw.rUnlock();
    }
    await writer;
    expect(log).toEqual(["rUnlock 1", "rUnlock 2", "writes"]);
  });

  it("An `rLock` that comes after a waiting `lock` returns after that one's `unlock`.", async () => {
    const log: string[] = [];
    const rw = new RWMutex();
    await rw.rLock();
    const writer = rw.withLock(() => log.push("written"));
    const reader = rw.withRLock(() => log.push("read"));
    rw.rUnlock();
    await Promise.all([writer, reader]);
    expect(log).toEqual(["written", "read"]);
  });

  it("When a writer unlocks, the readers that wait go before the next writer.", async () => {
    const log: string[] = [];
    const rw = new RWMutex();
    await rw.lock();
    const writer = rw.withLock(() => log.push("written"));
    const reader = rw.withRLock(() => log.push("read"));
    rw.unlock();
    await Promise.all([writer, reader]);
    expect(log).toEqual(["read", "written"]);
  });
});

describe("RecursiveMutex", () => {
  it("Only the last `unlock` of its owner happens before the `lock` of another task returns.", async () => {
    const log: string[] = [];
    const mu = new RecursiveMutex();
    const owner = go(async () => {
      await mu.lock();
      await mu.lock();
      const other = go(() => mu.withLock(() => log.push("other")));
      for (const depth of [1, 0]) {
        await null;
        log.push(`unlock to ${depth}`);
        mu.unlock();
      }
      await other.join();
    });
    await owner.join();
    expect(log).toEqual(["unlock to 1", "unlock to 0", "other"]);
  });
});

describe("Cond", () => {
  it("A `signal` happens before the `wait` that it wakes returns, and that one holds the lock.", async () => {
    const log: string[] = [];
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    let ready = false;
    const waiting = (async () => {
      while (!ready) await cond.wait();
      log.push(`woken, locked: ${mu.locked}`);
      mu.unlock();
    })();
    await mu.lock();
    ready = true;
    cond.signal();
    log.push("signalled");
    mu.unlock();
    await waiting;
    expect(log).toEqual(["signalled", "woken, locked: true"]);
  });

  it("`wait` stands in line before it unlocks: a change made under the lock finds it there.", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    const signaller = mu.lock().then(() => {
      const waiting = cond.waiters;
      cond.signal();
      mu.unlock();
      return waiting;
    });
    await cond.wait();
    expect(await signaller).toBe(1);
    mu.unlock();
  });

  it("A `broadcast` wakes those whose `wait` began before it, and nobody else.", async () => {
    const log: string[] = [];
    const mu = new Mutex();
    const cond = new Cond(mu);
    const wait = async (name: string) => {
      await mu.lock();
      await cond.wait();
      log.push(name);
      mu.unlock();
    };
    const before = [wait("first"), wait("second")];
    await mu.withLock(() => {});
    cond.broadcast();
    const after = wait("late");
    await Promise.all(before);
    expect(log).toEqual(["first", "second"]);
    cond.signal();
    await after;
  });
});

describe("Semaphore", () => {
  it("A `release` happens before the `acquire` that it makes possible returns.", async () => {
    const log: string[] = [];
    const permits = new Semaphore(1);
    await permits.acquire();
    const next = permits.acquire().then(() => log.push("acquired"));
    await null;
    log.push("released");
    permits.release();
    await next;
    expect(log).toEqual(["released", "acquired"]);
  });

  it("Permits are given out in the order in which they were asked for, many or few.", async () => {
    const log: number[] = [];
    const permits = new Semaphore(3);
    await permits.acquire(3);
    const waiting = [3, 1, 2].map((n) => permits.withPermit(() => log.push(n), n));
    permits.release(1);
    expect(permits.tryAcquire(1)).toBe(false);
    permits.release(2);
    await Promise.all(waiting);
    expect(log).toEqual([3, 1, 2]);
  });
});
