import { describe, expect, it } from "vitest";
import { startThreads } from "../../testing/threads.js";
import { expectParked } from "../../testing/turn.js";
import { SharedBarrier } from "../shared.js";

describe("SharedBarrier", () => {
  it("TestNew (cyclicbarrier): the number of parties must be positive", () => {
    expect(() => new SharedBarrier(0)).toThrow("parties must be positive number");
    expect(new SharedBarrier(3).parties).toBe(3);
  });

  it("TestAwaitOnce: all go on together, each told how many were missing when it came", async () => {
    const barrier = new SharedBarrier(3);
    const first = barrier.wait();
    const second = SharedBarrier.from(barrier.handle).wait();
    await expectParked(Promise.race([first, second]));
    expect(barrier.waiting).toBe(2);
    expect(await Promise.all([first, second, barrier.wait()])).toEqual([2, 1, 0]);
    expect(barrier.waiting).toBe(0);
  });

  it("TestAwaitMany: threads that block and threads that await keep step over three hundred rounds", async () => {
    const barrier = new SharedBarrier(4);
    const steps = new Int32Array(new SharedArrayBuffer(16));
    const body = `
      const barrier = shared.SharedBarrier.from(data.barrier);
      let wrong = 0, last = 0;
      for (let round = 1; round <= 300; round++) {
        Atomics.store(data.steps, data.index, round);
        const index = data.index % 2 === 0 ? barrier.waitSync() : await barrier.wait();
        if (index === 0) last++;
        for (let i = 0; i < 3; i++) if (Atomics.load(data.steps, i) < round) wrong++;
      }
      post([wrong, last]);`;
    const threads = await startThreads(3, body, { barrier: barrier.handle, steps });
    let mine = 0;
    for (let round = 1; round <= 300; round++) if ((await barrier.wait()) === 0) mine++;
    const told = await Promise.all(threads.map((thread) => thread.message<[number, number]>()));
    expect(told.map(([wrong]) => wrong)).toEqual([0, 0, 0]);
    expect(
      told.reduce((sum, [, last]) => sum + last, mine),
      "one is the last in each round",
    ).toBe(300);
  });

  it("TestAwaitOnceCtxDone (here it breaks nothing): who gives up has not arrived", async () => {
    const barrier = new SharedBarrier(2);
    const controller = new AbortController();
    const gone = barrier.wait({ signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    await expect(barrier.wait({ signal: controller.signal })).rejects.toThrow("gone");
    expect(barrier.waitSync(2)).toBe(-1);
    expect(barrier.waiting).toBe(0);
    expect(await Promise.all([barrier.wait(), barrier.wait()])).toEqual([1, 0]);
  });
});
