import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startThreads } from "../../testing/threads.js";
import { SharedMutex, SharedQueue, SyncError } from "../shared.js";

describe("SharedQueue", () => {
  it("holds as many as it says, first in, first out, round and round", () => {
    for (const capacity of [1, 2, 3, 7, 8]) {
      const queue = new SharedQueue({ capacity });
      const view = SharedQueue.from(structuredClone(queue.handle));
      expect([queue.capacity, view.capacity, queue.tryPop()]).toEqual([capacity, capacity, undefined]);
      for (let round = 0; round < 5; round++) {
        for (let i = 0; i < capacity; i++) expect(queue.tryPush(round + i / 8)).toBe(true);
        expect([queue.tryPush(99), view.length]).toEqual([false, capacity]);
        for (let i = 0; i < capacity; i++) expect(view.tryPop()).toBe(round + i / 8);
        expect([view.tryPop(), queue.length]).toEqual([undefined, 0]);
      }
    }
  });

  it("positions begin anew without losing their place", () => {
    for (const capacity of [1, 3, 5]) {
      const queue = new SharedQueue({ capacity });
      const wrap = Math.floor(2 ** 29 / capacity) * capacity;
      const words = new Int32Array(queue.handle.buffer);
      // As after `wrap - 2` pushes and pops; a cell's number is that of its next push.
      words[16] = words[32] = wrap - 2;
      for (let cell = 0; cell < capacity; cell++) {
        const next = wrap - 2 + ((cell - ((wrap - 2) % capacity) + capacity) % capacity);
        words[48 + cell * 3] = 2 * (next % wrap);
      }
      for (let i = 0; i < 4 * capacity; i++) {
        expect(queue.tryPush(i)).toBe(true);
        if (capacity === 1) expect(queue.tryPush(i)).toBe(false);
        expect(queue.length).toBe(1);
        expect(queue.tryPop()).toBe(i);
        expect(queue.tryPop()).toBeUndefined();
      }
      for (let i = 0; i < capacity; i++) expect(queue.tryPush(i)).toBe(true);
      expect(queue.tryPush(0)).toBe(false);
    }
  });

  it("carries numbers to the bit", () => {
    const queue = new SharedQueue({ capacity: 1 });
    for (const n of [0, -0, 0.1, Number.MAX_VALUE, Number.NaN, -Infinity, 2 ** 53]) {
      queue.tryPush(n);
      expect(Object.is(queue.tryPop(), n)).toBe(true);
    }
  });

  it("carries records, into an array of the caller's if he gives one", () => {
    const queue = new SharedQueue({ capacity: 2, words: 3, name: "points" });
    queue.tryPush([1, -2, 3]);
    queue.tryPush(new Int32Array([4, 5, 6]));
    expect(queue.tryPop()).toEqual(new Int32Array([1, -2, 3]));
    const into = new Int32Array(3);
    expect(queue.tryPop(into)).toBe(into);
    expect([...into]).toEqual([4, 5, 6]);
    expect(() => queue.tryPush(1)).toThrow("points: a number pushed, in a queue of records of 3 integers");
    expect(() => queue.tryPush([1])).toThrow("points: a record of 1 pushed");
    expect(() => new SharedQueue({ capacity: 1 }).tryPush([1])).toThrow("in a queue of numbers");
  });

  it("does what a list does, whatever the program", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.option(fc.double())), (capacity, steps) => {
        const queue = new SharedQueue({ capacity });
        const model: number[] = [];
        for (const value of steps) {
          if (value === null) expect(queue.tryPop()).toBe(model.shift());
          else if (queue.tryPush(value)) model.push(value);
          else expect(model).toHaveLength(capacity);
          expect(queue.length).toBe(model.length);
        }
      }),
    );
  });

  it("TestPoolDequeue, TestPoolChain: many push and many pop; each item is seen once", async () => {
    for (const words of [0, 2]) {
      const queue = new SharedQueue({ capacity: 64, ...(words > 0 && { words }) });
      const each = 20_000;
      const seen = new Uint8Array(new SharedArrayBuffer(2 * each));
      const body = `
        const queue = shared.SharedQueue.from(data.queue);
        const { each, seen, index, words } = data;
        let wrong = 0, last = [-1, -1];
        if (index < 2) {
          for (let i = 0; i < each; i++) {
            const item = index * each + i;
            while (!queue.tryPush(words > 0 ? [item, ~item] : item));
          }
          post(0);
        } else {
          const into = new Int32Array(2);
          for (let got = 0; got < each; ) {
            let item = queue.tryPop(words > 0 ? into : undefined);
            if (item === undefined) continue;
            if (words > 0) {
              if (into[1] !== ~into[0]) wrong++;
              item = into[0];
            }
            seen[item]++;
            const producer = item < each ? 0 : 1;
            if (item <= last[producer]) wrong++;
            last[producer] = item;
            got++;
          }
          post(wrong);
        }`;
      const threads = await startThreads(4, body, { queue: queue.handle, each, seen, words });
      expect(await Promise.all(threads.map((thread) => thread.message()))).toEqual([0, 0, 0, 0]);
      expect(seen.every((times) => times === 1)).toBe(true);
      expect(queue.length).toBe(0);
    }
  });

  it("refuses sizes that cannot be, wrong handles, and to be copied", () => {
    expect(() => new SharedQueue({ capacity: 0 })).toThrow(RangeError);
    expect(() => new SharedQueue({ capacity: 1, words: -1 })).toThrow(RangeError);
    expect(() => SharedQueue.from(new SharedMutex().handle)).toThrow(SyncError);
    expect(() => structuredClone(new SharedQueue({ capacity: 1 }))).toThrow(/post its handle/);
    expect(new SharedQueue({ capacity: 1 }).name).toMatch(/^SharedQueue#\d+$/);
  });
});
