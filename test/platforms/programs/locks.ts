import {
  Cond,
  currentTask,
  defer,
  detectRelock,
  go,
  gosched,
  Mutex,
  numTasks,
  Once,
  onceFunc,
  onceValue,
  onceValues,
  Pool,
  RecursiveMutex,
  RWMutex,
  SyncMap,
  sleep,
  WaitGroup,
} from "@lockscope/sync";
import { type Cases, failure } from "./case.js";

/** Adds one, with an `await` between reading and writing, which loses updates unless something excludes. */
class Counter {
  value = 0;

  async add(): Promise<void> {
    const before = this.value;
    await gosched();
    this.value = before + 1;
  }
}

async function countUnder(withLock: (fn: () => Promise<void>) => Promise<void>): Promise<number> {
  const counter = new Counter();
  const wg = new WaitGroup();
  for (let i = 0; i < 20; i++) wg.go(() => withLock(() => counter.add()));
  await wg.wait();
  return counter.value;
}

/**
 * Go's `sync`, within a thread.
 *
 * @param carried whether the platform can tell which task runs after an `await`
 */
export function locks(carried: boolean): Cases {
  return {
    "tasks: go, join, sleep, defer, numTasks": {
      async run() {
        const order: unknown[] = [];
        const task = go(
          async () => {
            using _ = defer(() => order.push("deferred"));
            order.push("begins", numTasks());
            await sleep(1);
            return 7;
          },
          { name: "worker" },
        );
        order.push("started", task.name, task.state);
        order.push(await task.join(), task.state);
        order.push(await failure(() => go(() => Promise.reject(new Error("broke"))).join()));
        return order;
      },
      expected: ["started", "worker", "running", "begins", 1, "deferred", 7, "done", "Error: broke"],
    },
    Mutex: {
      async run() {
        const mu = new Mutex({ name: "mu" });
        const total = await countUnder((fn) => mu.withLock(fn));
        const order: string[] = [];
        {
          using _ = await mu.acquire();
          for (const name of ["first", "second"]) {
            void mu.lock().then(() => {
              order.push(name);
              mu.unlock();
            });
          }
          order.push(`${mu.waiters} wait`, String(mu.tryLock()));
        }
        await gosched();
        return [total, ...order, mu.locked, mu.name];
      },
      expected: [20, "2 wait", "false", "first", "second", false, "mu"],
    },
    RWMutex: {
      async run() {
        const mu = new RWMutex();
        await Promise.all([mu.rLock(), mu.rLock()]);
        const writer = mu.lock();
        const late = mu.tryRLock();
        const { readers, waiters } = mu;
        mu.rUnlock();
        mu.rUnlock();
        await writer;
        const { writerHeld } = mu;
        mu.unlock();
        return [readers, waiters, late, writerHeld, await countUnder((fn) => mu.withLock(fn))];
      },
      expected: [2, 1, false, true, 20],
    },
    RecursiveMutex: {
      async run() {
        const mu = new RecursiveMutex();
        const outer = await mu.withLock(() => mu.depth);
        const again = await go(async () => {
          await mu.lock();
          await gosched();
          const seen = await failure(async () => {
            await mu.lock();
            mu.unlock();
          });
          mu.unlock();
          return seen;
        }).join();
        return [outer, again.split(":")[0]];
      },
      // Where nobody can say who locks again, that is refused.
      expected: [1, carried ? "nothing is thrown" : "holder-unknown"],
    },
    WaitGroup: {
      async run() {
        const wg = new WaitGroup();
        const ended: number[] = [];
        for (const n of [1, 2, 3]) wg.go(() => sleep(n).then(() => ended.push(n)));
        const { count } = wg;
        await wg.wait();
        return [count, ended.length, wg.count];
      },
      expected: [3, 3, 0],
    },
    Cond: {
      async run() {
        const cond = new Cond(new Mutex());
        const store: number[] = [];
        const consumers = [1, 2].map(() =>
          go(async () => {
            await cond.l.lock();
            while (store.length === 0) await cond.wait();
            const item = store.shift();
            cond.l.unlock();
            return item;
          }),
        );
        await gosched();
        await cond.l.lock();
        store.push(1, 2);
        cond.broadcast();
        cond.l.unlock();
        return Promise.all(consumers.map((task) => task.join()));
      },
      expected: [1, 2],
    },
    "Once, onceFunc, onceValue, onceValues": {
      async run() {
        const once = new Once();
        let runs = 0;
        const run = () => gosched().then(() => void runs++);
        await Promise.all([once.do(run), once.do(run), once.do(run)]);
        const fn = onceFunc(run);
        await Promise.all([fn(), fn()]);
        const value = onceValue(() => gosched().then(() => ({ made: "once" })));
        const [a, b] = await Promise.all([value(), value()]);
        const pair = onceValues(() => ["left", "right"]);
        return [runs, a === b, a, await pair()];
      },
      expected: [2, true, { made: "once" }, ["left", "right"]],
    },
    SyncMap: {
      async run() {
        const map = new SyncMap<string, number>();
        let computed = 0;
        const compute = () => gosched().then(() => ++computed);
        const both = await Promise.all([map.loadOrCompute("a", compute), map.loadOrCompute("a", compute)]);
        const stored = [map.loadOrStore("b", 5), map.swap("b", 6), map.compareAndSwap("b", 6, 7)];
        const keys: string[] = [];
        map.range((key) => keys.push(key) > 0);
        return [both, stored, map.load("b"), keys, map.loadAndDelete("a"), map.load("a")];
      },
      expected: [
        [1, 1],
        [[5, false], [5, true], true],
        [7, true],
        ["a", "b"],
        [1, true],
        [null, false],
      ],
    },
    Pool: {
      run() {
        let made = 0;
        const pool = new Pool({
          new: () => ({ id: ++made, used: 0 }),
          reset: (item) => Object.assign(item, { used: 0 }),
        });
        const first = pool.get()!;
        first.used = 9;
        pool.put(first);
        return [pool.get(), pool.get()];
      },
      expected: [
        { id: 1, used: 0 },
        { id: 2, used: 0 },
      ],
    },
    "cancellation: who waits leaves the queue, and order is kept": {
      async run() {
        const mu = new Mutex();
        await mu.lock();
        const controller = new AbortController();
        const gaveUp = failure(() => mu.lock({ signal: controller.signal }));
        const stays = mu.lock();
        controller.abort(new Error("enough"));
        const reason = await gaveUp;
        const { waiters } = mu;
        mu.unlock();
        await stays;
        const timedOut = await failure(() => mu.lock({ signal: AbortSignal.timeout(1) }));
        return [reason, waiters, timedOut.split(":")[0], mu.waiters];
      },
      expected: ["Error: enough", 1, "TimeoutError", 0],
    },
    "misuse: Go's texts": {
      async run() {
        const mu = new Mutex();
        const done = new WaitGroup();
        return [
          await failure(() => mu.unlock()),
          await failure(() => new RWMutex().rUnlock()),
          await failure(() => done.done()),
        ];
      },
      expected: [
        "unlock-of-unlocked: sync: unlock of unlocked mutex",
        "unlock-of-unlocked: sync: RUnlock of unlocked RWMutex",
        "waitgroup-negative: sync: negative WaitGroup counter",
      ],
    },
    "no copies: structuredClone and JSON throw": {
      async run() {
        const held = { mu: new Mutex() };
        const cloned = await failure(() => structuredClone(held));
        return [/primitive is copied/.test(cloned), await failure(() => JSON.stringify(held))];
      },
      expected: [true, "copied-lock: sync.Mutex is copied"],
    },
    "who runs: in the first stretch, and after an await": {
      async run() {
        const seen: unknown[] = [];
        const task = go(
          async () => {
            seen.push(currentTask()?.name);
            await gosched();
            seen.push(currentTask()?.name ?? "unknown");
          },
          { name: "t" },
        );
        await task.join();
        return seen;
      },
      expected: ["t", carried ? "t" : "unknown"],
    },
    "detectRelock: a task that locks what it holds": {
      async run() {
        using _ = detectRelock();
        const mu = new Mutex();
        const task = go(async () => {
          await mu.lock();
          if (carried) await gosched();
          const seen = await failure(() => mu.lock({ signal: AbortSignal.timeout(5) }));
          mu.unlock();
          return seen;
        });
        return (await task.join()).split(":")[0];
      },
      // Where nobody can say who locks, nobody can say that he does it again.
      expected: carried ? "reentrant-lock" : "TimeoutError",
    },
  };
}
