import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn } from "../../testing/programs.js";
import {
  SharedBarrier,
  SharedChannel,
  SharedMutex,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "../shared.js";

/** Whether `call` got what it asked for; if not, it must have been for `reason`. */
async function got(call: Promise<unknown>, reason: Error): Promise<boolean> {
  return call.then(
    () => true,
    (error) => {
      expect(error).toBe(reason);
      return false;
    },
  );
}

/** Lets a few turns pass, in any of which the abort may come. */
async function turns(): Promise<void> {
  for (let i = 0; i < 3; i++) await null;
}

// Two views of the same memory: who waits and who lets him go on know nothing of each other but by it.
describe("cancel at every step: what was asked for is had, or nothing is", () => {
  it("SharedMutex", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const mu = new SharedMutex();
      const view = SharedMutex.from(mu.handle);
      await mu.lock();
      const asked = got(view.lock({ signal }), reason);
      const after = view.lock();
      await turns();
      mu.unlock();
      if (await asked) mu.unlock();
      await after;
      view.unlock();
      expect([mu.locked, mu.waiters, mu.woken, mu.starving]).toEqual([false, 0, false, false]);
    });
    expect(points).toBeGreaterThan(4);
  });

  it("SharedRWMutex, to write and to read", async () => {
    for (const side of ["lock", "rLock"] as const) {
      const points = await cancelAtEveryTurn(async (signal, reason) => {
        const rw = new SharedRWMutex();
        const view = SharedRWMutex.from(rw.handle);
        await rw.lock();
        const asked = got(view[side]({ signal }), reason);
        const reading = rw.rLock();
        const writing = rw.lock();
        await turns();
        rw.unlock();
        const release = async () => {
          if (await asked) view[side === "lock" ? "unlock" : "rUnlock"]();
        };
        await Promise.all([release(), reading.then(() => rw.rUnlock()), writing.then(() => rw.unlock())]);
        expect([rw.readers, rw.writerHeld, rw.waiters]).toEqual([0, false, 0]);
      });
      expect(points).toBeGreaterThan(4);
    }
  });

  it("SharedWaitGroup", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const wg = new SharedWaitGroup();
      wg.add(1);
      const asked = got(SharedWaitGroup.from(wg.handle).wait({ signal }), reason);
      const stays = wg.wait();
      await turns();
      wg.done();
      await Promise.all([asked, stays]);
      expect(wg.count).toBe(0);
    });
    expect(points).toBeGreaterThan(4);
  });

  it("SharedSemaphore", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const semaphore = new SharedSemaphore(3);
      const view = SharedSemaphore.from(semaphore.handle);
      await semaphore.acquire(2);
      const asked = got(view.acquire(3, { signal }), reason);
      const small = view.acquire(1);
      await turns();
      semaphore.release(2);
      if (await asked) semaphore.release(3);
      await small;
      expect([semaphore.available, semaphore.waiters]).toEqual([2, 0]);
    });
    expect(points).toBeGreaterThan(4);
  });

  it("SharedBarrier", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const barrier = new SharedBarrier(2);
      const asked = got(SharedBarrier.from(barrier.handle).wait({ signal }), reason);
      await turns();
      const last = barrier.wait();
      if (!(await asked)) await Promise.all([last, barrier.wait()]);
      await last;
      expect(barrier.waiting).toBe(0);
    });
    expect(points).toBeGreaterThan(4);
  });

  it("SharedChannel, to send and to receive", async () => {
    const sending = await cancelAtEveryTurn(async (signal, reason) => {
      const ch = new SharedChannel<number>({ bytes: 8 });
      await ch.send(1);
      const asked = got(SharedChannel.from<number>(ch.handle).send(2, { signal }), reason);
      const after = ch.send(3);
      await turns();
      const received = [await ch.receive()];
      const sent = await asked;
      received.push(await ch.receive());
      if (sent) received.push(await ch.receive());
      await after;
      expect(received).toEqual(sent ? [1, 2, 3] : [1, 3]);
      expect(ch.tryReceive()).toBeUndefined();
    });
    const receiving = await cancelAtEveryTurn(async (signal, reason) => {
      const ch = new SharedChannel<number>({ bytes: 8 });
      const asked = got(SharedChannel.from<number>(ch.handle).receive({ signal }), reason);
      const after = ch.receive();
      await turns();
      await ch.send(1);
      if (await asked) await ch.send(2);
      expect(await after).toBe((await asked) ? 2 : 1);
      expect(ch.tryReceive()).toBeUndefined();
    });
    expect(Math.min(sending, receiving)).toBeGreaterThan(4);
  });
});
