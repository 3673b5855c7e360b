import { Int32 } from "@lockscope/sync/atomic";
import {
  SharedBarrier,
  SharedChannel,
  SharedMutex,
  SharedQueue,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@lockscope/sync/shared";
import { describe, expect, it } from "vitest";
import { inThread, startThread, startThreads } from "../../primitives/testing/threads.js";
import { settled } from "../../primitives/testing/turn.js";

/** Ordinary memory that threads share: what is read and written there is ordered by nothing but the primitives. */
function sharedWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(count * 4));
}

describe("Threads", () => {
  it("What was written to shared memory before a worker is started is seen by it; what it wrote, after its end.", async () => {
    const words = sharedWords(2);
    words[0] = 7;
    const thread = await startThread(`data.words[1] = data.words[0] + 1`, { words });
    expect(await thread.end).toBe(0);
    expect(words[1]).toBe(8);
  });
});

describe("Atomic variables", () => {
  it("`add`, `swap` and `compareAndSwap` are one step: none is lost, whoever else is at it.", async () => {
    const [sum, product] = [new Int32(), new Int32()];
    const threads = await startThreads(
      2,
      `const [sum, product] = [atomic.Int32.from(data.sum), atomic.Int32.from(data.product)];
       for (let i = 0; i < 20_000; i++) {
         sum.add(1);
         for (let old = product.load(); !product.compareAndSwap(old, old + 2); old = product.load());
       }`,
      { sum: sum.handle, product: product.handle },
    );
    for (const thread of threads) await thread.end;
    expect([sum.load(), product.load()]).toEqual([40_000, 80_000]);
  });

  it("What was written before a `store` is seen by who has loaded its value.", async () => {
    const rounds = 50_000;
    const [flag, words] = [new Int32(), sharedWords(rounds)];
    const writer = await startThread(
      `const flag = atomic.Int32.from(data.flag);
       for (let i = 1; i <= data.rounds; i++) {
         data.words[i - 1] = i;
         flag.store(i);
       }`,
      { flag: flag.handle, words, rounds },
    );
    for (let seen = 0; seen < rounds; ) {
      const loaded = flag.load();
      if (loaded === seen) await settled();
      else if (words[loaded - 1] !== loaded) expect.fail(`loaded ${loaded}, read ${words[loaded - 1]}`);
      seen = loaded;
    }
    await writer.end;
  });

  it("All threads see the operations of all atomic variables in one and the same order.", async () => {
    const rounds = 200;
    const pairs = Array.from({ length: rounds }, () => [new Int32().handle, new Int32().handle]);
    const meeting = new Int32().handle;
    const threads = await startThreads(
      2,
      `const meeting = atomic.Int32.from(data.meeting);
       const mine = data.pairs.map((pair) => atomic.Int32.from(pair[data.index]));
       const other = data.pairs.map((pair) => atomic.Int32.from(pair[1 - data.index]));
       const seen = mine.map((variable, round) => {
         meeting.add(1);
         while (meeting.load() < 2 * (round + 1));
         variable.store(1);
         return other[round].load();
       });
       post(seen);`,
      { pairs, meeting },
    );
    const [first, second] = await Promise.all(threads.map((thread) => thread.message<number[]>()));
    // In any single order, the store that comes last is followed by a load that sees the other one.
    expect(first!.filter((seen, round) => seen === 0 && second![round] === 0)).toEqual([]);
  });
});

describe("SharedMutex", () => {
  it("What was written before an `unlock` is seen by the next who holds the lock, in whichever thread.", async () => {
    const [mu, words] = [new SharedMutex(), sharedWords(1)];
    const times = 5_000;
    const threads = await startThreads(
      2,
      `const mu = shared.SharedMutex.from(data.mu);
       for (let i = 0; i < data.times; i++) {
         mu.lockSync();
         data.words[0]++;
         mu.unlock();
       }`,
      { mu: mu.handle, words, times },
    );
    for (let i = 0; i < times; i++) {
      await mu.lock();
      words[0]!++;
      mu.unlock();
    }
    for (const thread of threads) await thread.end;
    expect(words[0]).toBe(3 * times);
  });

  it("What a thread wrote that ended with the lock is seen by the next holder, who is told so.", async () => {
    const [mu, words] = [new SharedMutex(), sharedWords(1)];
    const thread = await startThread(
      `shared.SharedMutex.from(data.mu).lockSync();
       data.words[0] = 7;`,
      { mu: mu.handle, words },
    );
    await thread.end;
    await expect(mu.lock()).rejects.toMatchObject({ code: "owner-died" });
    expect([mu.locked, words[0]]).toEqual([true, 7]);
    mu.unlock();
  });
});

describe("SharedRWMutex", () => {
  it("Readers see all of what was written before the last `unlock`, and nothing of what comes after.", async () => {
    const [rw, words] = [new SharedRWMutex(), sharedWords(2)];
    const writer = await startThread(
      `const rw = shared.SharedRWMutex.from(data.rw);
       for (let i = 1; i <= 2_000; i++) {
         rw.lockSync();
         data.words[0] = i;
         data.words[1] = -i;
         rw.unlock();
       }`,
      { rw: rw.handle, words },
    );
    for (let seen = 0; seen < 2_000; ) {
      await rw.rLock();
      seen = words[0]!;
      const sum = seen + words[1]!;
      rw.rUnlock();
      expect(sum).toBe(0);
    }
    await writer.end;
  });
});

describe("SharedWaitGroup", () => {
  it("What was written before a `done` is seen by those whose `wait` it ends.", async () => {
    const [wg, words] = [new SharedWaitGroup(), sharedWords(3)];
    wg.add(3);
    const threads = await startThreads(
      3,
      `data.words[data.index] = data.index + 1;
       shared.SharedWaitGroup.from(data.wg).done();`,
      { wg: wg.handle, words },
    );
    await wg.wait();
    expect([...words]).toEqual([1, 2, 3]);
    for (const thread of threads) await thread.end;
  });
});

describe("SharedSemaphore", () => {
  it("What was written before a `release` is seen by who acquires what it gave back.", async () => {
    const [full, empty] = [new SharedSemaphore(1), new SharedSemaphore(1)];
    const words = sharedWords(1);
    await full.acquire();
    const thread = await startThread(
      `const [full, empty] = [data.full, data.empty].map((handle) => shared.SharedSemaphore.from(handle));
       for (let i = 1; i <= 500; i++) {
         empty.acquireSync();
         data.words[0] = i;
         full.release();
       }`,
      { full: full.handle, empty: empty.handle, words },
    );
    for (let i = 1; i <= 500; i++) {
      await full.acquire();
      expect(words[0]).toBe(i);
      empty.release();
    }
    await thread.end;
  });
});

describe("SharedBarrier", () => {
  it("What each wrote before its `wait` is seen by all when they go on.", async () => {
    const [barrier, words] = [new SharedBarrier(3), sharedWords(3)];
    const threads = await startThreads(
      3,
      `const barrier = shared.SharedBarrier.from(data.barrier);
       let wrong = 0;
       for (let round = 1; round <= 100; round++) {
         data.words[data.index] = round;
         barrier.waitSync();
         if (data.words.some((word) => word !== round)) wrong++;
         barrier.waitSync();
       }
       post(wrong);`,
      { barrier: barrier.handle, words },
    );
    expect(await Promise.all(threads.map((thread) => thread.message()))).toEqual([0, 0, 0]);
  });
});

describe("SharedQueue", () => {
  it("What was written before a `tryPush` is seen by who pops the item.", async () => {
    const items = 20_000;
    const [queue, words] = [new SharedQueue({ capacity: 16 }), sharedWords(items)];
    const thread = await startThread(
      `const queue = shared.SharedQueue.from(data.queue);
       for (let i = 0; i < data.items; i++) {
         data.words[i] = i + 1;
         while (!queue.tryPush(i));
       }`,
      { queue: queue.handle, words, items },
    );
    for (let left = items; left > 0; ) {
      const item = queue.tryPop() as number | undefined;
      if (item === undefined) {
        await settled();
        continue;
      }
      left--;
      if (words[item] !== item + 1) expect.fail(`popped ${item}, read ${words[item]}`);
    }
    await thread.end;
  });
});

describe("SharedChannel", () => {
  it("What was written before a `send` is seen by who receives the value.", async () => {
    const [ch, words] = [new SharedChannel<number>({ bytes: 256 }), sharedWords(500)];
    const thread = await startThread(
      `const ch = shared.SharedChannel.from(data.ch);
       for (let i = 0; i < 500; i++) {
         data.words[i] = i + 1;
         ch.sendSync(i);
       }
       ch.close();`,
      { ch: ch.handle, words },
    );
    let received = 0;
    for (let item = await ch.receive(); item !== undefined; item = await ch.receive()) {
      received++;
      expect(words[item]).toBe(item + 1);
    }
    expect(received).toBe(500);
    await thread.end;
  });

  it("The value is a copy of what it was when it was sent.", async () => {
    const ch = new SharedChannel<{ n: number }>({ bytes: 256 });
    const value = { n: 1 };
    await ch.send(value);
    value.n = 2;
    const received = inThread(`post(shared.SharedChannel.from(data.ch).receiveSync())`, { ch: ch.handle });
    expect(await received).toEqual({ n: 1 });
  });
});
