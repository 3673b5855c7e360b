import { describe, expect, it } from "vitest";
import { inThread, startThreads } from "../../testing/threads.js";
import { expectParked, settled } from "../../testing/turn.js";
import { SharedWaitGroup } from "../shared.js";

describe("SharedWaitGroup", () => {
  it("TestWaitGroup: sixteen workers' tasks, two groups, again and again", async () => {
    const one = new SharedWaitGroup();
    const two = new SharedWaitGroup();
    const body = `
      const one = shared.SharedWaitGroup.from(data.one), two = shared.SharedWaitGroup.from(data.two);
      for (let round = 0; round < 8; round++) {
        for (let task = 0; task < 4; task++) one.done();
        if (data.index === 0) two.waitSync(); else await two.wait();
        Atomics.add(data.released, 0, 1);
        Atomics.notify(data.released, 0);
        while (Atomics.load(data.round, 0) === round) Atomics.wait(data.round, 0, round);
      }`;
    const released = new Int32Array(new SharedArrayBuffer(4));
    const round = new Int32Array(new SharedArrayBuffer(4));
    one.add(16);
    two.add(16);
    const data = { one: one.handle, two: two.handle, released, round };
    const threads = await startThreads(4, body, data);
    for (let i = 0; i < 8; i++) {
      await one.wait();
      for (let n = 0; n < 16; n++) {
        expect(Atomics.load(released, 0), "nobody is released too soon").toBe(4 * i);
        two.done();
      }
      while (Atomics.load(released, 0) < 4 * (i + 1)) await settled();
      if (i < 7) {
        one.add(16);
        two.add(16);
      }
      Atomics.store(round, 0, i + 1);
      Atomics.notify(round, 0);
    }
    for (const { end } of threads) expect(await end).toBe(0);
    expect([one.count, two.count]).toEqual([0, 0]);
  });

  it("TestWaitGroupMisuse: a counter below zero", () => {
    const wg = new SharedWaitGroup({ name: "jobs" });
    wg.add(1);
    wg.done();
    const negative = {
      message: "sync: negative WaitGroup counter",
      code: "waitgroup-negative",
      primitive: "jobs",
    };
    expect(() => wg.done()).toThrow(expect.objectContaining(negative));
    expect(wg.count).toBe(0);
    expect(() => wg.add(0.5)).toThrow(RangeError);
    expect(() => wg.add(2 ** 31)).toThrow(RangeError);
  });

  it("TestWaitGroupRace: wait returns when all is done, and not before", async () => {
    const wg = new SharedWaitGroup();
    const early = await inThread(
      `
      const wg = shared.SharedWaitGroup.from(data);
      let early = 0;
      for (let i = 0; i < 1_000; i++) {
        let n = 0;
        wg.add(2);
        queueMicrotask(() => { n++; wg.done(); });
        setImmediate(() => { n++; wg.done(); });
        await wg.wait();
        if (n !== 2) early++;
      }
      post(early);`,
      wg.handle,
    );
    expect(early).toBe(0);
  });

  it("who waits for a round goes on when it ends, even if the next one has begun", async () => {
    const wg = new SharedWaitGroup();
    wg.add(1);
    const waiting = SharedWaitGroup.from(wg.handle).wait();
    wg.done();
    wg.add(1);
    await waiting;
    await expectParked(wg.wait());
    wg.done();
  });

  it("waitSync returns false when time is up; an abort leaves the others waiting", async () => {
    const wg = new SharedWaitGroup();
    wg.add(1);
    expect(wg.waitSync(0)).toBe(false);
    expect(wg.waitSync(3)).toBe(false);
    const controller = new AbortController();
    const gone = wg.wait({ signal: controller.signal });
    const stays = wg.wait();
    controller.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    await expect(wg.wait({ signal: controller.signal })).rejects.toThrow("gone");
    await expectParked(stays);
    wg.done();
    await stays;
    expect(wg.waitSync(0)).toBe(true);
  });
});
