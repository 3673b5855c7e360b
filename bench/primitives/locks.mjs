import { BareMutex } from "./bare.mjs";
import { mutexes, semaphores } from "./peers.mjs";
import { group, loops } from "./table.mjs";

const mapped = async (entries, make) =>
  Object.fromEntries(
    await Promise.all(Object.entries(entries).map(async ([name, each]) => [name, await make(each)])),
  );

const noLock = "limit: no lock";
const anAwait = "limit: await Promise.resolve() in its place";

/** What the sections cost by themselves, and with the least that a lock can cost which is awaited. */
async function floors(tasks) {
  const [a, b] = [await loops(), await loops()];
  return { [noLock]: (n) => a.unlocked(tasks, n), [anAwait]: (n) => b.awaited(tasks, n) };
}

const locking = (mu) => ({ lock: () => mu.lock(), unlock: () => mu.unlock() });

export async function locks({ go, Mutex, RWMutex, Semaphore, WaitGroup }) {
  const alone = async (way) => {
    const l = await loops();
    return (n) => l.alone(way, n);
  };
  const contended = async (way, tasks) => {
    const l = await loops();
    return (n) => l.contended(way, tasks, n);
  };
  const limit = await loops();
  const asAwait = "limit: await Promise.resolve()";

  const withLock = new Mutex();
  await group(
    "mutex, free: await lock(); unlock()",
    10_000,
    {
      limits: { [asAwait]: (n) => limit.repeat(() => Promise.resolve(), n) },
      ours: {
        Mutex: await alone(locking(new Mutex())),
        "Mutex.withLock": await alone({ run: (fn) => withLock.withLock(fn) }),
      },
      peers: await mapped(mutexes, (make) => alone(make())),
    },
    [
      { of: "Mutex", against: asAwait, atLeast: 0.9 },
      { of: "Mutex", against: "best peer", atLeast: 1 },
      { of: "Mutex", against: "async-mutex acquire", atLeast: 20 },
    ],
  );

  await attempts(Mutex);

  for (const tasks of [10, 100, 1000]) {
    await group(
      `mutex, wanted by ${tasks} tasks: lock; a call that awaits once; unlock`,
      10_000,
      {
        limits: {
          ...(await floors(tasks)),
          "limit: a queue that can only hand off": await contended(locking(new BareMutex()), tasks),
        },
        ours: { Mutex: await contended(locking(new Mutex()), tasks) },
        peers: await mapped(mutexes, (make) => contended(make(), tasks)),
      },
      [
        { of: "Mutex", against: noLock, atLeast: 0.75 },
        { of: "Mutex", against: anAwait, atLeast: 0.65 },
        { of: "Mutex", against: "best peer", atLeast: 1.5 },
      ],
    );
  }

  for (const tasks of [8, 100]) {
    const permits = 8;
    const sema = new Semaphore(permits);
    await group(
      `semaphore of ${permits}, wanted by ${tasks} tasks: acquire; a call that awaits once; release`,
      10_000,
      {
        limits: await floors(tasks),
        ours: {
          Semaphore: await contended({ lock: () => sema.acquire(), unlock: () => sema.release() }, tasks),
        },
        peers: await mapped(semaphores, (make) => contended(make(permits), tasks)),
      },
      [{ of: "Semaphore", against: "best peer", atLeast: 1.5 }],
    );
  }

  await others({ go, Mutex, RWMutex, WaitGroup }, alone);
}

async function attempts(Mutex) {
  let held = false;
  const take = () => {
    if (held) return false;
    held = true;
    return true;
  };
  const give = () => {
    if (!held) throw new Error("not held");
    held = false;
  };
  const mu = new Mutex();
  const [a, b] = [await loops(), await loops()];
  const pair = "limit: a pair of closures";
  await group(
    "mutex, without waiting: tryLock(); unlock()",
    100_000,
    {
      limits: { [pair]: (n) => a.attempts(take, give, n) },
      ours: {
        Mutex: (n) =>
          b.attempts(
            () => mu.tryLock(),
            () => mu.unlock(),
            n,
          ),
      },
    },
    [{ of: "Mutex", against: pair, atLeast: 0.5 }],
  );
}

async function others({ go, Mutex, RWMutex, WaitGroup }, alone) {
  const [rw, wg] = [new RWMutex(), new WaitGroup()];
  const l = await loops();
  await group("the others, free, beside a mutex", 10_000, {
    ours: {
      Mutex: await alone(locking(new Mutex())),
      "RWMutex lock, unlock": await alone(locking(new RWMutex())),
      "RWMutex rLock, rUnlock": await alone({ lock: () => rw.rLock(), unlock: () => rw.rUnlock() }),
      "WaitGroup add, done (synchronous)": (n) => {
        for (let i = 0; i < n; i++) {
          wg.add(1);
          wg.done();
        }
      },
      "go and join": (n) => l.repeat(() => go(() => {}).join(), n),
    },
  });
}
