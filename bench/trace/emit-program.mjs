// Lock operations in three ways; prints the quietest nanoseconds of one of each. Run by emit.mjs with and without the
// instrument. `LIBRARY` names the build of the library to be used.
const { currentTask, go, Mutex } = await import(process.env.LIBRARY ?? "@lockscope/sync");

// What tracing needs costs every await on Node 20, whoever asks for it.
if (process.env.IDENTITY) currentTask();
const rounds = Number(process.env.ROUNDS ?? 40);
const N = 5_000;
const turn = Promise.resolve();

async function free(mu, n) {
  for (let i = 0; i < n; i++) {
    await mu.lock();
    mu.unlock();
  }
}

async function contended(mu, tasks, n) {
  const task = async () => {
    for (let i = 0; i < n / tasks; i++) {
      await mu.lock();
      await turn;
      mu.unlock();
    }
  };
  const running = Array.from({ length: tasks }, () => go(task));
  for (const each of running) await each.join();
}

/** What a section of a real program might do: some microseconds of it. */
const order = {
  id: 4711,
  lines: Array.from({ length: 12 }, (_, at) => ({ at, name: `part ${at}`, cents: 100 * at })),
};
let length = 0;

/** Ten tasks after one lock, and something to do in it. */
async function working(mu, tasks, n) {
  const task = async () => {
    for (let i = 0; i < n / tasks; i++) {
      await mu.lock();
      length += JSON.stringify(JSON.parse(JSON.stringify(order))).length;
      await turn;
      mu.unlock();
    }
  };
  const running = Array.from({ length: tasks }, () => go(task));
  for (const each of running) await each.join();
}

/** The quietest round counts: whatever else the machine does makes rounds slower, never quicker. */
async function quietest(run) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await run();
    best = Math.min(best, performance.now() - started);
  }
  return (best * 1e6) / N;
}

let clock = 0;
const readClock = () => {
  for (let i = 0; i < N; i++) clock += performance.now();
};

const mu = new Mutex();
const main = await quietest(() => free(mu, N));
const task = await go(() => quietest(() => free(mu, N))).join();
const ten = await quietest(() => contended(mu, 10, N));
const work = await quietest(() => working(mu, 10, N));
const now = await quietest(readClock);
process.stdout.write(JSON.stringify({ main, task, ten, work, now: clock + length > 0 ? now : 0 }));
