import { gosched } from "@lockscope/sync";
import { Bool, Int32, Int64, Uint32, Uint64 } from "@lockscope/sync/atomic";
import {
  SharedBarrier,
  SharedChannel,
  SharedMutex,
  SharedQueue,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@lockscope/sync/shared";
import { type Cases, failure } from "./case.js";
import type { Job, JobData } from "./jobs.js";

/** A worker of the platform: does a job and ends. */
export type Employ = (job: Job) => Promise<unknown>;

const memory = (words: number) => new Int32Array(new SharedArrayBuffer(4 * words));

/** What structured clone carries, and what a browser's channel carries too. */
const message = { list: [1, 2n], map: new Map([["when", new Date(5)]]), bytes: new Uint8Array([1, 2]) };

async function echo(employ: Employ, name: Job["name"]): Promise<unknown> {
  const [requests, replies] = [1, 2].map(() => new SharedChannel<unknown>({ bytes: 256 }));
  const job = employ({ name, data: { handles: [requests!.handle, replies!.handle] } });
  const numbers: unknown[] = [];
  const receiver = (async () => {
    for (let n = 0; n < 100; n++) numbers.push(((await replies!.receive()) as { echo: unknown }).echo);
  })();
  for (let n = 0; n < 100; n++) await requests!.send(n);
  await receiver;
  await requests!.send(message);
  const { list, map, bytes } = ((await replies!.receive()) as { echo: typeof message }).echo;
  requests!.close();
  const inOrder = numbers.every((value, n) => value === n);
  return [inOrder, list.map(String), map.get("when")!.getTime(), [...bytes], await job];
}

/**
 * Atomics and shared primitives, between this thread, which does not block, and workers, which may.
 *
 * @param deaths whether the platform tells when a worker has ended
 */
export function threads(employ: Employ, deaths: boolean): Cases {
  const twice = (name: Job["name"], data: JobData) =>
    Promise.all([employ({ name, data }), employ({ name, data })]);
  return {
    SharedMutex: {
      async run() {
        const mu = new SharedMutex({ name: "account" });
        const account = memory(1);
        const workers = twice("mutex", { handles: [mu.handle], memory: account });
        for (let i = 0; i < 1000; i++) await mu.withLock(() => account[0]!++);
        return [await workers, account[0], mu.locked, mu.waiters];
      },
      expected: [["account", "account"], 3000, false, 0],
    },
    "SharedMutex: a wait is given up": {
      async run() {
        const mu = new SharedMutex();
        await mu.lock();
        const seen = await failure(() =>
          SharedMutex.from(mu.handle).lock({ signal: AbortSignal.timeout(1) }),
        );
        mu.unlock();
        return [seen.split(":")[0], mu.waiters, await failure(() => mu.unlock())];
      },
      expected: ["TimeoutError", 0, "unlock-of-unlocked: sync: unlock of unlocked mutex"],
    },
    SharedRWMutex: {
      async run() {
        const mu = new SharedRWMutex();
        const pair = memory(2);
        const workers = twice("rwmutex", { handles: [mu.handle], memory: pair });
        let torn = false;
        for (let i = 0; i < 100; i++) {
          await mu.withRLock(() => {
            torn ||= pair[0] !== pair[1];
          });
        }
        return [await workers, torn, [...pair]];
      },
      expected: [[false, false], false, [400, 400]],
    },
    "atomic numbers": {
      async run() {
        const [small, large] = [new Int32(), new Int64()];
        await twice("atomic", { handles: [small.handle, large.handle] });
        const [bool, word, wide] = [new Bool(), new Uint32(1), new Uint64()];
        return [
          small.load(),
          String(large.load()),
          [bool.swap(true), bool.load(), bool.compareAndSwap(false, true)],
          [word.add(-2), word.and(3), word.or(4), word.load()],
          String(wide.add(-1n)),
        ];
      },
      expected: [
        2000,
        String(2000n * 2n ** 40n),
        [false, true, false],
        [2 ** 32 - 1, 2 ** 32 - 1, 3, 7],
        String(2n ** 64n - 1n),
      ],
    },
    "SharedChannel, to a worker that blocks": {
      run: () => echo(employ, "channel"),
      expected: [true, ["1", "2"], 5, [1, 2], "end"],
    },
    "SharedChannel, to a worker's tasks": {
      run: () => echo(employ, "channelOfTasks"),
      expected: [true, ["1", "2"], 5, [1, 2], "end"],
    },
    SharedQueue: {
      async run() {
        const queue = new SharedQueue({ capacity: 16 });
        let left = 2;
        const workers = twice("queue", { handles: [queue.handle] }).then(() => {
          left = 0;
        });
        let [sum, count] = [0, 0];
        while (count < 200 && (left > 0 || queue.length > 0)) {
          const item = queue.tryPop();
          if (item === undefined) await gosched();
          else {
            sum += item as number;
            count++;
          }
        }
        await workers;
        const records = new SharedQueue({ capacity: 2, words: 2 });
        records.tryPush([1, 2]);
        return [sum, queue.length, [...(records.tryPop() as Int32Array)]];
      },
      expected: [10_100, 0, [1, 2]],
    },
    "SharedSemaphore, SharedBarrier, SharedWaitGroup": {
      async run() {
        const [semaphore, barrier] = [new SharedSemaphore(2), new SharedBarrier(3)];
        const group = new SharedWaitGroup();
        group.add(2);
        const workers = twice("meeting", { handles: [semaphore.handle, barrier.handle, group.handle] });
        const missing = await barrier.wait();
        await group.wait();
        const places = (await workers).map((each) => (each as [number, boolean])[0]);
        await semaphore.acquire(2);
        return [[missing, ...places].sort(), semaphore.tryAcquire()];
      },
      expected: [[0, 1, 2], false],
    },
    ...(deaths && {
      "a worker that ends with the lock": {
        async run() {
          const mu = new SharedMutex();
          await employ({ name: "hold", data: { handles: [mu.handle] } });
          const next = await failure(() => mu.lock());
          mu.unlock();
          return [next.split(":")[0], mu.tryLock()];
        },
        expected: ["owner-died", true],
      },
    }),
  };
}

/** Where the platform has no memory that threads share, each says so. */
export const unshared: Cases = Object.fromEntries(
  Object.entries({
    SharedMutex: () => new SharedMutex(),
    SharedRWMutex: () => new SharedRWMutex(),
    SharedWaitGroup: () => new SharedWaitGroup(),
    SharedSemaphore: () => new SharedSemaphore(1),
    SharedBarrier: () => new SharedBarrier(2),
    SharedQueue: () => new SharedQueue({ capacity: 1 }),
    SharedChannel: () => new SharedChannel({ bytes: 16 }),
    Int32: () => new Int32(),
    Uint64: () => new Uint64(),
    Bool: () => new Bool(),
    "a handle of nothing": () => SharedMutex.from({} as SharedMutex["handle"]),
  }).map(([name, make]) => [name, { run: () => failure(make), expected: unsharedError(name) }]),
);

function unsharedError(name: string): string {
  return name === "a handle of nothing"
    ? "wrong-handle: sync: SharedMutex.from: not a handle"
    : "no-shared-memory: sync: no SharedArrayBuffer: a page has it only when it is cross-origin isolated";
}
