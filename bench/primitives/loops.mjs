// The loops that are timed. Each subject imports this file anew (`?subject`), so that V8 compiles every loop
// for that subject alone: shared code would be tuned to whatever ran first.

export const turn = Promise.resolve();

/** What is done in a section: an asynchronous function that awaits once, the least that a real one calls. */
async function work() {
  await turn;
}

const nothing = () => {};

/** `tasks` of them side by side. */
async function spread(task, tasks) {
  await Promise.all(Array.from({ length: tasks }, task));
}

/** n times: lock and unlock, with nobody in the way. */
export async function alone({ lock, unlock, acquire, run }, n) {
  if (lock !== undefined) {
    for (let i = 0; i < n; i++) {
      await lock();
      unlock();
    }
  } else if (acquire !== undefined) {
    for (let i = 0; i < n; i++) (await acquire())();
  } else {
    for (let i = 0; i < n; i++) await run(nothing);
  }
}

/** n sections in all, by `tasks` tasks that want them at once. */
export function contended({ lock, unlock, acquire, run }, tasks, n) {
  const times = n / tasks;
  const locking = async () => {
    for (let i = 0; i < times; i++) {
      await lock();
      try {
        await work();
      } finally {
        unlock();
      }
    }
  };
  const acquiring = async () => {
    for (let i = 0; i < times; i++) {
      const release = await acquire();
      try {
        await work();
      } finally {
        release();
      }
    }
  };
  const running = async () => {
    for (let i = 0; i < times; i++) await run(work);
  };
  return spread(lock !== undefined ? locking : acquire !== undefined ? acquiring : running, tasks);
}

/** The same sections without any lock. */
export function unlocked(tasks, n) {
  return spread(async () => {
    for (let i = 0; i < n / tasks; i++) await work();
  }, tasks);
}

/** The same with an await where the lock would be: what any lock costs that is awaited at all. */
export function awaited(tasks, n) {
  return spread(async () => {
    for (let i = 0; i < n / tasks; i++) {
      await turn;
      await work();
    }
  }, tasks);
}

/** n times: a synchronous attempt and its undoing. */
export function attempts(tryLock, unlock, n) {
  let got = 0;
  for (let i = 0; i < n; i++) {
    if (tryLock()) {
      got++;
      unlock();
    }
  }
  return got;
}

/** n values from one task to another. */
export async function pipe({ send, receive }, n) {
  const consumer = (async () => {
    for (let i = 0; i < n; i++) await receive();
  })();
  for (let i = 0; i < n; i++) await send(i);
  await consumer;
}

/** n times the same asynchronous operation, one after the other. */
export async function repeat(operation, n) {
  for (let i = 0; i < n; i++) await operation();
}
