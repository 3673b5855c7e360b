// A promise of a blocking operation that nobody looks at: the task walks on without the lock.
import { go, gosched, type Locker, Mutex, RWMutex, sleep, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";

const mu = new Mutex({ name: "scores" });
const rw = new RWMutex({ name: "teams" });
const scores = new Map<string, number>();

export function lock(team: string): void {
  mu.lock(); // want: missing-await
  scores.delete(team);
  mu.unlock();
}

export async function lockInAnAsyncFunction(team: string): Promise<void> {
  mu.lock(); // want: missing-await
  try {
    scores.set(team, 0);
  } finally {
    mu.unlock();
  }
}

export function voided(team: string): void {
  void mu.lock(); // want: missing-await
  scores.delete(team);
  mu.unlock();
}

export function readSide(team: string): number {
  rw.rLock(); // want: missing-await
  const score = scores.get(team) ?? 0;
  rw.rUnlock();
  return score;
}

export function acquired(team: string): void {
  mu.acquire(); // want: missing-await
  scores.delete(team);
}

export function behindACondition(team: string, safe: boolean): void {
  if (safe) mu.lock(); // want: missing-await
  scores.delete(team);
  if (safe) mu.unlock();
}

export function behindAnAnd(team: string, safe: boolean): void {
  safe && mu.lock(); // want: missing-await
  scores.delete(team);
  safe && mu.unlock();
}

export function inATernary(team: string, writes: boolean): void {
  writes ? rw.lock() : rw.rLock(); // want: missing-await
  console.log(scores.get(team));
  writes ? rw.unlock() : rw.rUnlock();
}

export function optional(team: string, lock: Locker | undefined): void {
  lock?.lock(); // want: missing-await
  scores.delete(team);
  lock?.unlock();
}

export function inAComma(team: string): void {
  mu.lock(), scores.delete(team); // want: missing-await
  mu.unlock();
}

export function inATask(team: string): void {
  go(() => {
    mu.lock(); // want: missing-await
    scores.delete(team);
    mu.unlock();
  });
}

export function wait(wg: WaitGroup): void {
  wg.wait(); // want: missing-await
  console.log("all done, or not");
}

export function joins(): void {
  const task = go(() => sleep(1));
  task.join(); // want: missing-await
}

export function sleeps(): void {
  sleep(100); // want: missing-await
  console.log("at once");
}

export function yields(): void {
  gosched(); // want: missing-await
}

export function sends(jobs: Channel<string>): void {
  jobs.send("job"); // want: missing-await
}

export function receives(jobs: Channel<string>): void {
  jobs.receive(); // want: missing-await
}

export function selects(jobs: Channel<string>): void {
  // The call spans lines; the finding is on its first one.
  select( // want: missing-await
    onReceive(jobs, (job) => console.log(job)),
  );
}

export class Board {
  readonly #mu = new Mutex({ name: "board" });
  #total = 0;

  add(points: number): void {
    this.#mu.lock(); // want: missing-await
    this.#total += points;
    this.#mu.unlock();
  }

  get total(): number {
    return this.#total;
  }
}
