import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { startThread, type Thread, threadUrl } from "../../testing/threads.js";
import { gosched } from "../index.js";
import {
  SharedBarrier,
  SharedMutex,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
  watchWorker,
} from "../shared.js";

const died = expect.objectContaining({ name: "SyncError", code: "owner-died" });

/** Runs `body` in a thread until it posts something; then kills it. */
async function killed(body: string, data: unknown): Promise<Thread> {
  const thread = await startThread(
    `${body}\npost("there"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    data,
  );
  await thread.message();
  await thread.kill();
  return thread;
}

describe("a thread that ends while it holds a SharedMutex", () => {
  const lock = `shared.SharedMutex.from(data).lockSync();`;

  it("killed: the next in line is told, and holds it", async () => {
    const mu = new SharedMutex({ name: "accounts" });
    await killed(lock, mu.handle);
    await expect(mu.lock()).rejects.toMatchObject({
      name: "SyncError",
      code: "owner-died",
      primitive: "accounts",
      message: "sync: the thread that held the SharedMutex has ended",
    });
    expect(mu.locked).toBe(true);
    mu.unlock();
    await mu.lock();
    mu.unlock();
    expect([mu.locked, mu.waiters]).toEqual([false, 0]);
  });

  it("by an error of its own: just the same", async () => {
    const mu = new SharedMutex();
    const thread = await startThread(`${lock} throw new Error("careless");`, mu.handle);
    expect(await thread.end).toMatchObject({ message: "careless" });
    await expect(mu.lock()).rejects.toEqual(died);
    mu.unlock();
  });

  it("tasks that wait already are told, the first of them; order is kept", async () => {
    const mu = new SharedMutex();
    const thread = await startThread(`${lock} post("locked"); setInterval(() => {}, 1000);`, mu.handle);
    await thread.message();
    const order: string[] = [];
    const waits = ["a", "b"].map((name) =>
      mu.lock().then(
        () => order.push(name),
        (error) => order.push(`${name}: ${error.code}`),
      ),
    );
    await thread.kill();
    await waits[0];
    expect(mu.locked).toBe(true);
    mu.unlock();
    await waits[1];
    expect(order).toEqual(["a: owner-died", "b"]);
    mu.unlock();
  });

  it("a thread that blocks finds out too; so does tryLock", async () => {
    const mu = new SharedMutex();
    const holder = await startThread(`${lock} post("locked"); setInterval(() => {}, 1000);`, mu.handle);
    await holder.message();
    const blocked = await startThread(
      `
      const mu = shared.SharedMutex.from(data);
      post("blocks");
      try { mu.lockSync(); } catch (error) { post(error.code); }
      post(mu.locked);`,
      mu.handle,
    );
    await blocked.message();
    while (mu.waiters === 0) await gosched();
    await holder.kill();
    expect([await blocked.message(), await blocked.message()]).toEqual(["owner-died", true]);
    await blocked.end;
    while (mu.locked) {
      try {
        if (mu.tryLock()) expect.unreachable();
      } catch (error) {
        expect(error).toEqual(died);
        break;
      }
      await gosched();
    }
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  it("withLock and acquire hold nothing when they reject; who locks is told still", async () => {
    const mu = new SharedMutex();
    await killed(lock, mu.handle);
    await expect(mu.withLock(() => expect.unreachable())).rejects.toEqual(died);
    await expect(mu.acquire()).rejects.toEqual(died);
    expect(mu.locked).toBe(false);
    expect(() => mu.tryLock()).toThrow(died);
    mu.unlock();
    expect(await mu.withLock(() => "repaired")).toBe("repaired");
  });

  it("those who wait when their thread ends are forgotten, blocked or not", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    const awaiting = await startThread(
      `const mu = shared.SharedMutex.from(data); void mu.lock(); void mu.lock(); post("waits");`,
      mu.handle,
    );
    const blocked = await startThread(`shared.SharedMutex.from(data).lockSync();`, mu.handle);
    while (mu.waiters < 3) await gosched();
    const mine = mu.lock();
    await Promise.all([awaiting.kill(), blocked.kill()]);
    while (mu.waiters > 1) await gosched();
    mu.unlock();
    await mine;
    mu.unlock();
    expect([mu.locked, mu.waiters, mu.woken, mu.starving]).toEqual([false, 0, false, false]);
  });

  it("who ends on his way to the lock leaves nobody asleep who relied on him", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    const waiting = mu.lock();
    await killed(`shared.SharedMutex.from(data); Atomics.or(new Int32Array(data.buffer), 16, 2);`, mu.handle);
    while (mu.woken) await gosched();
    mu.unlock();
    await waiting;
    mu.unlock();
  });

  it("a worker's own worker ends with it, and that is noticed as well", async () => {
    const mu = new SharedMutex();
    const outer = await startThread(
      `
      import { Worker } from "node:worker_threads";
      shared.SharedMutex.from(data.mu);
      const inner = new Worker(new URL(data.inner), { workerData: data.mu, execArgv: [] });
      inner.on("message", post);`,
      { mu: mu.handle, inner: await threadUrl(`${lock} post("locked"); setInterval(() => {}, 1000);`) },
    );
    await outer.message();
    await outer.kill();
    await expect(mu.lock()).rejects.toEqual(died);
    mu.unlock();
  });

  it("workers that were started before the first primitive are watched on request", async () => {
    const worker = new Worker("setInterval(() => {}, 1000)", { eval: true });
    watchWorker(worker);
    watchWorker(worker);
    expect(worker.listenerCount("exit")).toBe(1);
    await worker.terminate();
    watchWorker(worker);
  });
});

describe("a thread that ends", () => {
  it("while it writes: the next reader and the next writer are told", async () => {
    const rw = new SharedRWMutex();
    await killed(`shared.SharedRWMutex.from(data).lockSync();`, rw.handle);
    await expect(rw.rLock()).rejects.toEqual(died);
    rw.rUnlock();
    await expect(rw.withRLock(() => expect.unreachable())).rejects.toEqual(died);
    await expect(rw.withLock(() => expect.unreachable())).rejects.toEqual(died);
    expect(() => rw.lockSync()).toThrow(died);
    expect(rw.writerHeld).toBe(true);
    rw.unlock();
    await rw.rLock();
    rw.rUnlock();
    expect([rw.readers, rw.writerHeld, rw.waiters]).toEqual([0, false, 0]);
  });

  it("while it reads: it is taken off the readers, and nobody need be told", async () => {
    const rw = new SharedRWMutex();
    await rw.rLock();
    const reader = await startThread(
      `const rw = shared.SharedRWMutex.from(data); rw.rLockSync(); await rw.rLock(); post("reads"); setInterval(() => {}, 1000);`,
      rw.handle,
    );
    await reader.message();
    expect(rw.readers).toBe(3);
    const writing = rw.lock();
    rw.rUnlock();
    await reader.kill();
    await writing;
    rw.unlock();
    expect([rw.readers, rw.writerHeld]).toEqual([0, false]);
  });

  it("while it waits to write: readers are let in again", async () => {
    const rw = new SharedRWMutex();
    await rw.rLock();
    const writer = await startThread(`shared.SharedRWMutex.from(data).lockSync();`, rw.handle);
    while (rw.waiters === 0) await gosched();
    expect(rw.tryRLock()).toBe(false);
    const reading = rw.rLock();
    await writer.kill();
    await reading;
    expect(rw.readers).toBe(2);
  });

  it("with permits: they come back; those that it gave away do not", async () => {
    const semaphore = new SharedSemaphore(3);
    const holder = await startThread(
      `const s = shared.SharedSemaphore.from(data); s.acquireSync(3); post("has"); setInterval(() => {}, 1000);`,
      semaphore.handle,
    );
    await holder.message();
    semaphore.release(1);
    expect(semaphore.tryAcquire(1)).toBe(true);
    const wait = semaphore.acquire(2);
    await holder.kill();
    await wait;
    semaphore.release(3);
    expect(semaphore.available).toBe(3);
  });

  it("when it has ended a round and told nobody: they find out", async () => {
    const wg = new SharedWaitGroup();
    wg.add(1);
    const waiting = wg.wait();
    await killed(`Atomics.store(new BigInt64Array(data.buffer, 64, 1), 0, 1n << 32n);`, wg.handle);
    await waiting;
    expect(wg.count).toBe(0);
  });

  it("at a barrier: it has not arrived", async () => {
    const barrier = new SharedBarrier(3);
    const thread = await startThread(`shared.SharedBarrier.from(data).waitSync();`, barrier.handle);
    while (barrier.waiting === 0) await gosched();
    const mine = barrier.wait();
    await thread.kill();
    while (barrier.waiting > 1) await gosched();
    expect(await Promise.all([mine, barrier.wait(), barrier.wait()])).toEqual([1, 1, 0]);
  });
});
