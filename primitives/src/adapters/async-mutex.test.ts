import * as real from "async-mutex";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as adapter from "./async-mutex.js";

type Library = Pick<
  typeof real,
  "Mutex" | "Semaphore" | "withTimeout" | "tryAcquire" | "E_CANCELED" | "E_TIMEOUT" | "E_ALREADY_LOCKED"
>;
const libraries: [string, Library][] = [
  ["async-mutex itself", real],
  ["the adapter", adapter as unknown as Library],
];

afterEach(() => {
  vi.useRealTimers();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What may be done to one mutex or semaphore. */
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("acquire"), weight: weights(), priority: priorities() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("exclusive"), weight: weights(), priority: priorities() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("giveBack"), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release"), weight: weights() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("watch"), weight: weights(), priority: priorities() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("set"), value: fc.integer({ min: -1, max: 4 }) }) },
);
interface Act {
  readonly do: string;
  readonly weight?: number | undefined;
  readonly priority?: number | undefined;
  readonly which?: number;
  readonly value?: number;
}

function weights() {
  return fc.constantFrom(1, 1, 1, 2, 3, 0, undefined);
}

function priorities() {
  return fc.constantFrom(undefined, 0, 1, -1);
}

/** Does all that and writes down what came of it, in order; several acts may come in one stretch. */
async function play(library: Library, semaphore: boolean, start: number, acts: Act[][]): Promise<string[]> {
  const log: string[] = [];
  const sync = semaphore ? new library.Semaphore(start) : new library.Mutex();
  const releasers: (() => void)[] = [];
  const ends: (() => void)[] = [];
  const failed = (id: number) => (error: Error) => log.push(`${id}: ${error.message}`);
  let count = 0;

  const perform = (one: Act): void => {
    const id = count++;
    const args = (semaphore ? [one.weight, one.priority] : [one.priority]) as [number, number];
    switch (one.do) {
      case "acquire":
        sync.acquire(...args).then((got) => {
          log.push(`${id} got ${Array.isArray(got) ? got[0] : "it"}`);
          releasers.push(Array.isArray(got) ? got[1] : got);
        }, failed(id));
        return;
      case "exclusive": {
        const work = (value?: number) => {
          log.push(`${id} runs with ${value}`);
          return new Promise<string>((resolve, reject) => {
            ends.push(() => (id % 3 === 0 ? reject(new Error("thrown")) : resolve("done")));
          });
        };
        const result = semaphore
          ? (sync as real.Semaphore).runExclusive(work, ...args)
          : (sync as real.Mutex).runExclusive(work, args[0]);
        result.then((value) => log.push(`${id} is ${value}`), failed(id));
        return;
      }
      case "giveBack": {
        const all = [...releasers, ...ends];
        all[one.which! % Math.max(1, all.length)]?.();
        return;
      }
      case "release":
        return sync.release(one.weight as never);
      case "watch":
        sync.waitForUnlock(...args).then(() => log.push(`${id} may`), failed(id));
        return;
      case "cancel":
        return sync.cancel();
      case "set":
        if (semaphore) (sync as real.Semaphore).setValue(one.value!);
    }
  };

  for (const stretch of acts) {
    for (const one of stretch) {
      try {
        perform(one);
      } catch (error) {
        log.push(`threw ${(error as Error).message}`);
      }
    }
    await turn();
    log.push(`locked ${sync.isLocked()}, value ${semaphore ? (sync as real.Semaphore).getValue() : ""}`);
  }
  return log;
}

describe("the adapter behaves as async-mutex does", () => {
  it.each([
    ["a mutex", false],
    ["a semaphore", true],
  ])("in any scenario with %s", async (_, semaphore) => {
    const scenario = fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer({ min: -1, max: 3 }), async (acts, start) => {
        const expected = await play(real, semaphore, start, acts);
        expect(await play(adapter as unknown as Library, semaphore, start, acts)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("exports what async-mutex does", () => {
    expect(Object.keys(adapter).sort()).toEqual(
      Object.keys(real)
        .filter((name) => name !== "default")
        .sort(),
    );
  });
});

describe.each(libraries)("the examples of async-mutex's documentation, by %s", (_, library) => {
  it("locks and releases", async () => {
    const mutex = new library.Mutex();
    const release = await mutex.acquire();
    expect(mutex.isLocked()).toBe(true);
    release();
    release();
    expect(mutex.isLocked()).toBe(false);
    expect(await mutex.runExclusive(async () => 7)).toBe(7);
    await expect(mutex.runExclusive(() => Promise.reject(new Error("inside")))).rejects.toThrow("inside");
    expect(mutex.isLocked()).toBe(false);
    mutex.release();
    expect(mutex.isLocked()).toBe(false);
  });

  it("cancels pending locks, with an error of one's own if told", async () => {
    const mutex = new library.Mutex();
    const own = new library.Semaphore(1, new Error("fancy custom error"));
    await Promise.all([mutex.acquire(), own.acquire()]);
    const [first, second] = [mutex.acquire(), own.acquire()];
    mutex.cancel();
    own.cancel();
    await expect(first).rejects.toBe(library.E_CANCELED);
    await expect(second).rejects.toThrow("fancy custom error");
  });

  it("gives semaphores by weight, and tells the value from before", async () => {
    const semaphore = new library.Semaphore(5);
    const [value, release] = await semaphore.acquire(2);
    expect([value, semaphore.getValue(), semaphore.isLocked()]).toEqual([5, 3, false]);
    const waits = semaphore.acquire(4);
    semaphore.setValue(4);
    expect((await waits)[0]).toBe(4);
    release();
    semaphore.release(2);
    expect(semaphore.getValue()).toBe(4);
    expect(() => semaphore.acquire(0)).toThrow("invalid weight 0: must be positive");
    expect(() => semaphore.release(-1)).toThrow("invalid weight -1: must be positive");
  });

  it("limits the time, and lets go of what comes too late", async () => {
    vi.useFakeTimers();
    const mutex = new library.Mutex();
    const timed = library.withTimeout(mutex, 100);
    const release = await timed.acquire();
    const late = timed.acquire();
    const watching = timed.waitForUnlock();
    const exclusive = library.withTimeout(mutex, 100, new Error("own")).runExclusive(() => 1);
    const ends = Promise.allSettled([late, watching, exclusive]);
    await vi.advanceTimersByTimeAsync(99);
    release();
    const taken = await late;
    await vi.advanceTimersByTimeAsync(1);
    expect((await ends).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    taken();
    await vi.advanceTimersByTimeAsync(1);
    expect(mutex.isLocked()).toBe(false);
    await expect(exclusive).rejects.toThrow("own");
  });

  it("tries without waiting", async () => {
    const semaphore = new library.Semaphore(1);
    const tried = library.tryAcquire(semaphore);
    expect(await tried.runExclusive((value) => value)).toBe(1);
    await semaphore.acquire();
    await expect(tried.acquire()).rejects.toBe(library.E_ALREADY_LOCKED);
    expect(() => tried.acquire(0)).toThrow("invalid weight");
    await expect(library.tryAcquire(semaphore, new Error("own")).acquire()).rejects.toThrow("own");
    expect([tried.isLocked(), tried.getValue()]).toEqual([true, 0]);
    tried.release();
    await turn();
    expect(tried.isLocked()).toBe(false);
    tried.setValue(3);
    expect(semaphore.getValue()).toBe(3);
    expect(tried.cancel()).toBeUndefined();
  });
});
