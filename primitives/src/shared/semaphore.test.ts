import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Recorder } from "../../testing/recorder.js";
import { startThread, startThreads } from "../../testing/threads.js";
import { expectParked, settled } from "../../testing/turn.js";
import { gosched } from "../index.js";
import { plugIn } from "../runtime/registry.js";
import { SharedSemaphore } from "../shared.js";

describe("SharedSemaphore", () => {
  it("TestWeighted: threads that hammer it never hold more than there is", async () => {
    const semaphore = new SharedSemaphore(3);
    const held = new Int32Array(new SharedArrayBuffer(8));
    const body = `
      const s = shared.SharedSemaphore.from(data.s);
      for (let i = 0; i < 500; i++) {
        const n = 1 + (i + data.index) % 3;
        if (i % 5 === 0) { if (!s.tryAcquire(n)) continue; }
        else if (data.index < 2) s.acquireSync(n);
        else await s.acquire(n);
        if (Atomics.add(data.held, 0, n) + n > 3) Atomics.add(data.held, 1, 1);
        Atomics.sub(data.held, 0, n);
        s.release(n);
      }`;
    const threads = await startThreads(3, body, { s: semaphore.handle, held });
    for (let i = 0; i < 100; i++) {
      await semaphore.acquire(2);
      if (Atomics.add(held, 0, 2) + 2 > 3) held[1]!++;
      Atomics.sub(held, 0, 2);
      semaphore.release(2);
    }
    for (const { end } of threads) expect(await end).toBe(0);
    expect([...held]).toEqual([0, 0]);
    expect([semaphore.available, semaphore.waiters]).toEqual([3, 0]);
  });

  it("TestWeightedPanic: more released than held", () => {
    const semaphore = new SharedSemaphore(1);
    const error = { name: "SyncError", message: "semaphore: released more than held" };
    expect(() => semaphore.release()).toThrow(expect.objectContaining(error));
    expect(() => new SharedSemaphore(-1)).toThrow(RangeError);
    expect(() => semaphore.tryAcquire(-1)).toThrow(RangeError);
  });

  it("TestWeightedTryAcquire, TestWeightedAcquire: true, false, true, false", async () => {
    const semaphore = new SharedSemaphore(2);
    await semaphore.acquire();
    const tries = [semaphore.tryAcquire(), semaphore.tryAcquire()];
    semaphore.release(2);
    tries.push(semaphore.tryAcquire());
    await semaphore.acquire();
    tries.push(semaphore.acquireSync(1, 2));
    expect(tries).toEqual([true, false, true, false]);
  });

  it("TestWeightedDoesntBlockIfTooBig: it waits for its signal only, and holds up nobody", async () => {
    const semaphore = new SharedSemaphore(2);
    const controller = new AbortController();
    const tooBig = semaphore.acquire(3, { signal: controller.signal });
    await semaphore.acquire();
    await semaphore.acquire();
    semaphore.release(2);
    await expectParked(tooBig);
    controller.abort(new Error("never"));
    await expect(tooBig).rejects.toThrow("never");
    expect(semaphore.acquireSync(3, 1)).toBe(false);
  });

  it("TestLargeAcquireDoesntStarve: small ones that come later wait behind a large one, in all threads", async () => {
    const semaphore = new SharedSemaphore(4);
    await semaphore.acquire(4);
    const worker = await startThread(
      `const s = shared.SharedSemaphore.from(data); post("large"); s.acquireSync(4); post("got"); s.release(4);`,
      semaphore.handle,
    );
    await worker.message();
    while (semaphore.waiters === 0) await gosched();
    const small = semaphore.acquire();
    semaphore.release(3);
    expect(semaphore.tryAcquire(), "others wait").toBe(false);
    await expectParked(small);
    semaphore.release(1);
    expect(await worker.message()).toBe("got");
    await small;
    expect(semaphore.available).toBe(3);
    await worker.end;
  });

  it("TestAllocCancelDoesntStarve: when the first in line gives up, those behind it may fit", async () => {
    const semaphore = new SharedSemaphore(10);
    await semaphore.acquire();
    const controller = new AbortController();
    const large = semaphore.acquire(10, { signal: controller.signal });
    const small = semaphore.acquire();
    await expectParked(small);
    controller.abort();
    await small;
    await expect(large).rejects.toThrow();
    expect(semaphore.available).toBe(8);
  });

  it("TestWeightedAcquireCanceled: an aborted signal beats permits that are there", async () => {
    const semaphore = new SharedSemaphore(2);
    await expect(semaphore.acquire(1, { signal: AbortSignal.abort(new Error("done")) })).rejects.toThrow(
      "done",
    );
    expect(semaphore.available).toBe(2);
  });

  it("reports to the instrument what it does, with the permits", async () => {
    const recorder = new Recorder();
    plugIn(recorder);
    const semaphore = new SharedSemaphore(2, { name: "s" });
    await semaphore.acquire(2);
    const wait = semaphore.acquire(2);
    semaphore.tryAcquire();
    semaphore.release(2);
    await wait;
    plugIn(null);
    expect(recorder.take()).toEqual([
      "created s",
      "acquire s 2",
      "main parked: acquire s",
      "acquireFailed s 1",
      "release s 2",
      "main readied: acquire",
    ]);
  });

  it("does what a list of waiters does, whatever the program", async () => {
    const step = fc.record({
      act: fc.constantFrom("acquire" as const, "tryAcquire" as const, "release" as const, "abort" as const),
      n: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const semaphore = new SharedSemaphore(3);
        const view = SharedSemaphore.from(semaphore.handle);
        let free = 3;
        let line: { id: number; n: number; controller: AbortController }[] = [];
        const got: number[] = [];
        const expected: number[] = [];
        const serve = () => {
          for (let first = line[0]; first !== undefined && first.n <= free; first = line[0]) {
            free -= first.n;
            expected.push(first.id);
            line.shift();
          }
        };
        let id = 0;
        for (const { act, n } of steps) {
          if (act === "acquire") {
            const mine = id++;
            const controller = new AbortController();
            line.push({ id: mine, n, controller });
            serve();
            (mine % 2 === 0 ? semaphore : view).acquire(n, controller).then(
              () => got.push(mine),
              () => {},
            );
          } else if (act === "tryAcquire") {
            const fits = line.length === 0 && n <= free;
            expect(semaphore.tryAcquire(n)).toBe(fits);
            if (fits) free -= n;
          } else if (act === "abort") {
            line[line.length - n]?.controller.abort();
            line = line.filter(({ controller }) => !controller.signal.aborted);
            serve();
          } else if (n > 3 - free) {
            expect(() => view.release(n)).toThrow("released more than held");
          } else {
            free += n;
            serve();
            view.release(n);
          }
          await settled();
          expect([semaphore.available, semaphore.waiters]).toEqual([free, line.length]);
        }
        expect(got).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
