// Awaited, returned, stored, passed on or chained: somebody looks at the promise.
import { go, Mutex, RWMutex, sleep, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";

const mu = new Mutex({ name: "scores" });
const rw = new RWMutex({ name: "teams" });
const scores = new Map<string, number>();

export async function awaited(team: string): Promise<void> {
  await mu.lock();
  scores.delete(team);
  mu.unlock();
}

export function returned(): Promise<void> {
  return mu.lock();
}

export const returnedByAnArrow = (): Promise<void> => rw.rLock();

export function unlocks(): void {
  mu.unlock();
}

export function readerLeaves(): void {
  rw.rUnlock();
}

export function returnedByATernary(writes: boolean): Promise<void> {
  return writes ? mu.lock() : rw.rLock();
}

export async function awaitedTernary(writes: boolean): Promise<number> {
  await (writes ? rw.lock() : rw.rLock());
  const size = scores.size;
  writes ? rw.unlock() : rw.rUnlock();
  return size;
}

export async function storedAndAwaitedLater(team: string): Promise<void> {
  const turn = mu.lock();
  console.log("queued for", team);
  await turn;
  scores.delete(team);
  mu.unlock();
}

export async function allOfThem(): Promise<void> {
  await Promise.all([mu.lock(), rw.lock()]);
  scores.clear();
  rw.unlock();
  mu.unlock();
}

export async function collected(locks: readonly Mutex[]): Promise<void> {
  const turns: Promise<void>[] = [];
  for (const lock of locks) turns.push(lock.lock());
  await Promise.all(turns);
  scores.clear();
  for (const lock of locks) lock.unlock();
}

export async function mapped(locks: readonly Mutex[]): Promise<void> {
  await Promise.all(locks.map((lock) => lock.lock()));
  scores.clear();
  for (const lock of locks) lock.unlock();
}

export function chained(team: string): void {
  mu.lock().then(
    () => {
      scores.delete(team);
      mu.unlock();
    },
    (error: unknown) => console.error(error),
  );
}

export function chainedAndCaught(team: string): void {
  mu.lock()
    .then(() => {
      scores.delete(team);
      mu.unlock();
    })
    .catch(console.error);
}

export class Keeper {
  readonly #mu = new Mutex({ name: "keeper" });
  #turn: Promise<void> | undefined;

  ask(): void {
    this.#turn = this.#mu.lock();
  }

  async take(): Promise<void> {
    await this.#turn;
  }

  leave(): void {
    this.#mu.unlock();
  }
}

export function passedOn(track: (promise: Promise<void>) => void, wg: WaitGroup): void {
  track(wg.wait());
}

export function inTasks(wg: WaitGroup, jobs: Channel<string>): void {
  go(() => wg.wait());
  wg.go(() => jobs.send("job"));
  go(async () => {
    await jobs.send("another");
    jobs.close();
  });
}

export function nothingToAwait(jobs: Channel<string>): void {
  go(() => console.log("a task is not a promise"));
  jobs.trySend("job");
  console.log(jobs.tryReceive());
}

export async function raced(jobs: Channel<string>): Promise<string | undefined> {
  return Promise.race([jobs.receive(), sleep(100).then(() => undefined)]);
}

export async function selected(jobs: Channel<string>): Promise<void> {
  await select(onReceive(jobs, (job) => console.log(job)));
}

export function* oldStyleCoroutine(): Generator<Promise<void>, void> {
  yield mu.lock();
  scores.clear();
  mu.unlock();
}

// The section runs under the lock whether or not somebody waits for its end.
export function sectionOnItsOwn(team: string): void {
  void mu.withLock(() => scores.delete(team));
}

// A promise with a handler is not dropped, though whether this is wise is another question.
export function onlyCaught(): void {
  sleep(10).catch(() => undefined);
}

/** Words of the same name, and no library. */
class Door {
  lock(): void {
    console.log("click");
  }
  async wait(): Promise<void> {
    await sleep(1);
  }
  send(letter: string): Promise<string> {
    return Promise.resolve(letter);
  }
}

export function notTheLibrary(door: Door): void {
  door.lock();
  door.wait();
  door.send("a letter");
}
