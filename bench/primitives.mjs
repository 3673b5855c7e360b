// Ratios of the primitives against their limits and peers, side by side in one run.
// `npm run build && node bench/primitives.mjs [part of a group's name]`
import { go, Mutex, RWMutex, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";
import { Mutex as AsyncMutex } from "async-mutex";
import { Bench } from "tinybench";
import { BareMutex } from "./primitives-bare.mjs";

let copies = 0;
const loops = () => import(`./primitives-loops.mjs?${copies++}`);
const turn = Promise.resolve();
const filter = process.argv[2] ?? "";

/** Times each subject's `run(n)` and prints nanoseconds an operation, and speed relative to the first. */
async function group(title, n, subjects) {
  if (!title.includes(filter)) return;
  const bench = new Bench({ time: 400, warmupTime: 150 });
  for (const [name, run] of Object.entries(subjects)) bench.add(name, () => run(n));
  await bench.run();
  const results = bench.tasks.map(({ name, result }) => ({
    name,
    ns: (result.latency.p50 * 1e6) / n,
  }));
  console.log(`\n${title}`);
  for (const { name, ns } of results) {
    const ratio = results[0].ns / ns;
    console.log(`  ${name.padEnd(44)} ${ns.toFixed(1).padStart(9)} ns   ${ratio.toFixed(3).padStart(7)} x`);
  }
}

async function mutexGroups() {
  const [a, b, c, d, e] = [await loops(), await loops(), await loops(), await loops(), await loops()];
  const bare = new BareMutex();
  const mu = new Mutex();
  const theirs = new AsyncMutex();
  let release;
  const acquire = async () => {
    release = await theirs.acquire();
  };

  await group("mutex, uncontended: await lock(); unlock()", 10_000, {
    "limit: await Promise.resolve()": (n) => a.repeat(() => Promise.resolve(), n),
    Mutex: async (n) => {
      for (let i = 0; i < n; i++) {
        await mu.lock();
        mu.unlock();
      }
    },
    "async-mutex acquire/release": async (n) => {
      for (let i = 0; i < n; i++) (await theirs.acquire())();
    },
    "async-mutex runExclusive": async (n) => {
      for (let i = 0; i < n; i++) await theirs.runExclusive(() => {});
    },
    "Mutex.withLock": async (n) => {
      for (let i = 0; i < n; i++) await mu.withLock(() => {});
    },
  });

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
  await group("mutex, synchronous: tryLock(); unlock()", 100_000, {
    "limit: a pair of closures": (n) => a.attempts(take, give, n),
    Mutex: (n) =>
      b.attempts(
        () => mu.tryLock(),
        () => mu.unlock(),
        n,
      ),
  });

  for (const tasks of [10, 100, 1000]) {
    await group(`mutex, contended by ${tasks} tasks: lock; one await; unlock`, 10_000, {
      "limit: no lock": (n) => b.unlocked(turn, tasks, n),
      "limit: a bare hand-off queue": (n) =>
        e.contended(
          () => bare.lock(),
          () => bare.unlock(),
          turn,
          tasks,
          n,
        ),
      Mutex: (n) =>
        c.contended(
          () => mu.lock(),
          () => mu.unlock(),
          turn,
          tasks,
          n,
        ),
      "async-mutex": (n) => d.contended(acquire, () => release(), turn, tasks, n),
    });
  }
}

async function otherGroups() {
  const rw = new RWMutex();
  const wg = new WaitGroup();
  await group("the others, uncontended, against a mutex", 10_000, {
    "Mutex lock/unlock": async (n) => {
      const mu = new Mutex();
      for (let i = 0; i < n; i++) {
        await mu.lock();
        mu.unlock();
      }
    },
    "RWMutex lock/unlock": async (n) => {
      for (let i = 0; i < n; i++) {
        await rw.lock();
        rw.unlock();
      }
    },
    "RWMutex rLock/rUnlock": async (n) => {
      for (let i = 0; i < n; i++) {
        await rw.rLock();
        rw.rUnlock();
      }
    },
    "WaitGroup add/done (synchronous)": (n) => {
      for (let i = 0; i < n; i++) {
        wg.add(1);
        wg.done();
      }
    },
    "go + join": async (n) => {
      for (let i = 0; i < n; i++) await go(() => {}).join();
    },
  });

  for (const capacity of [0, 10, 100]) {
    const l = await loops();
    const c = new Channel(capacity);
    await group(`channel of capacity ${capacity}: an item from task to task`, 10_000, {
      "limit: two awaits": (n) => l.repeat(() => turn, n * 2),
      Channel: (n) =>
        l.pipe(
          (value) => c.send(value),
          () => c.receive(),
          n,
        ),
    });
  }

  const full = new Channel(1);
  const cases = Array.from({ length: 3 }, () => onReceive(new Channel(), () => {}));
  const ready = onReceive(full, () => {});
  await group("select of four, one ready, against a receive (each with its send)", 10_000, {
    "Channel send + receive": async (n) => {
      for (let i = 0; i < n; i++) {
        full.trySend(i);
        await full.receive();
      }
    },
    "send + select": async (n) => {
      for (let i = 0; i < n; i++) {
        full.trySend(i);
        await select(...cases, ready);
      }
    },
  });
}

await mutexGroups();
await otherGroups();
