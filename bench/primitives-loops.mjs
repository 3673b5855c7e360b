// The loops that are timed. Each subject imports this file anew (`?subject`), so that V8 compiles every loop
// for that subject alone: shared code would be tuned to whatever ran first.

/** n sections in all, by `tasks` tasks. */
async function spread(section, tasks, n) {
  const task = async () => {
    for (let i = 0; i < n / tasks; i++) await section();
  };
  await Promise.all(Array.from({ length: tasks }, task));
}

/** A section is: lock; await one turn; unlock. */
export function contended(lock, unlock, turn, tasks, n) {
  const section = async () => {
    await lock();
    try {
      await turn;
    } finally {
      unlock();
    }
  };
  return spread(section, tasks, n);
}

/** The same sections without any lock: the limit. */
export function unlocked(turn, tasks, n) {
  const section = async () => {
    try {
      await turn;
    } finally {
      sections++;
    }
  };
  return spread(section, tasks, n);
}

export let sections = 0;

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
export async function pipe(send, receive, n) {
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
