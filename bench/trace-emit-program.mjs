// 100,000 lock operations in three ways; prints the milliseconds of each. Run by trace-emit.mjs with and
// without the instrument. `LIBRARY` names the build of the library to be used.
const { go, Mutex } = await import(process.env.LIBRARY ?? "@lockscope/sync");

const N = 100_000;
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

async function time(run) {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

const mu = new Mutex();
await free(mu, 20_000);
const main = await time(() => free(mu, N));
await go(() => free(mu, 20_000)).join();
const task = await time(() => go(() => free(mu, N)).join());
await contended(mu, 10, 20_000);
const ten = await time(() => contended(mu, 10, N));
process.stdout.write(JSON.stringify({ main, task, ten }));
