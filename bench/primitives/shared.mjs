// A mutex between threads against bare compare-and-swaps, and against a bare futex.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { bundleLibrary } from "../library.mjs";
import { group, loops, report } from "./table.mjs";

const rounds = 11;
/** So many that the moments in which only one of the two runs yet, or still, do not count. */
const sections = 3_000_000;

/** A lock of three states and nothing else: free, held, held and awaited (U. Drepper, "Futexes are tricky"). */
class BareFutex {
  #words;

  constructor(words) {
    this.#words = words;
  }

  lock() {
    let state = Atomics.compareExchange(this.#words, 0, 0, 1);
    if (state !== 0 && state !== 2) state = Atomics.exchange(this.#words, 0, 2);
    while (state !== 0) {
      Atomics.wait(this.#words, 0, 2);
      state = Atomics.exchange(this.#words, 0, 2);
    }
  }

  unlock() {
    if (Atomics.sub(this.#words, 0, 1) === 1) return;
    Atomics.store(this.#words, 0, 0);
    Atomics.notify(this.#words, 0, 1);
  }
}

const newWords = () => new Int32Array(new SharedArrayBuffer(64));

export async function shared() {
  const folder = mkdtempSync(join(tmpdir(), "lockscope-bench-"));
  const library = await bundleLibrary(folder, "shared", { modules: ["shared"] });
  const { SharedMutex } = await import(library);
  await uncontended(SharedMutex);
  await contended(library, SharedMutex);
  rmSync(folder, { recursive: true });
}

async function uncontended(SharedMutex) {
  const words = newWords();
  const mu = new SharedMutex();
  const [a, b, c] = [await loops(), await loops(), await loops()];
  await group(
    "shared mutex, uncontended: lock; unlock",
    100_000,
    {
      limits: {
        "two compare-and-swaps": (n) =>
          a.attempts(
            () => Atomics.compareExchange(words, 0, 0, 1) === 0,
            () => Atomics.compareExchange(words, 0, 1, 0),
            n,
          ),
      },
      ours: {
        "SharedMutex lockSync": (n) =>
          b.attempts(
            () => mu.lockSync(),
            () => mu.unlock(),
            n,
          ),
        "SharedMutex tryLock": (n) =>
          c.attempts(
            () => mu.tryLock(),
            () => mu.unlock(),
            n,
          ),
      },
    },
    [{ of: "SharedMutex lockSync", against: "two compare-and-swaps", atLeast: 1 / 1.3 }],
  );
}

/** Two threads that do nothing but lock and unlock. One pair takes the lock in long runs, another in short ones: so the median counts. */
async function contended(library, SharedMutex) {
  const times = { "a bare futex": [], SharedMutex: [] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of Object.keys(times)) {
      const data = { library, kind, words: newWords(), start: newWords(), handle: new SharedMutex().handle };
      const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { workerData: data }));
      await Promise.all(workers.map((worker) => once(worker, "message")));
      const ended = Promise.all(workers.map((worker) => once(worker, "exit")));
      const begun = performance.now();
      Atomics.store(data.start, 0, 1);
      Atomics.notify(data.start, 0);
      await ended;
      times[kind].push(((performance.now() - begun) * 1e6) / (2 * sections));
      if (data.words[1] !== 2 * sections) throw new Error(`${kind}: ${data.words[1]} sections`);
    }
  }
  const medians = Object.entries(times).map(([kind, ns]) => [kind, ns.sort((a, b) => a - b)[rounds >> 1]]);
  report(
    "shared mutex, contended by two threads: lock; unlock",
    Object.fromEntries(medians),
    { limits: { "a bare futex": null }, ours: { SharedMutex: null } },
    [{ of: "SharedMutex", against: "a bare futex", atLeast: 1 / 1.5 }],
  );
}

async function work({ library, kind, words, start, handle }) {
  const { SharedMutex } = await import(library);
  const run = (lock, own, n) => {
    for (let i = 0; i < n; i++) {
      if (kind === "SharedMutex") lock.lockSync();
      else lock.lock();
      own[1]++;
      lock.unlock();
    }
  };
  const spare = newWords();
  run(kind === "SharedMutex" ? new SharedMutex() : new BareFutex(spare), spare, 200_000);
  parentPort.postMessage("ready");
  Atomics.wait(start, 0, 0);
  run(kind === "SharedMutex" ? SharedMutex.from(handle) : new BareFutex(words), words, sections);
}

if (!isMainThread) await work(workerData);
