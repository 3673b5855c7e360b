/// <reference lib="es2024.sharedmemory" />
import { agent, drawIdentity, identityOf, nodeProcess } from "./agent.js";
import { sharedMemory } from "./memory.js";

/** Where the words stand: how many have died, the identity of this list, then one word a thread. */
const COUNT = 0;
const IDENTITY = 1;
const FIRST = 3;
/** A quarter of a million threads in a program's life; memory that is never touched costs nothing. */
const BYTES = 2 ** 20;
/** In a thread's word; the number of the thread that started it stands above. */
const DEAD = 1;

/** Who wants to hear of deaths. */
export interface Mourner {
  sweep(): void;
}

/**
 * Which threads of the program have ended: a list in shared memory that travels with every handle. Only
 * the thread that started a worker is told of its end, so that one writes it down for all; those who
 * wait look it up. A worker's own workers end with it, and it cannot tell of them: so each thread's
 * parent is written down too.
 */
export class Deaths {
  readonly buffer: SharedArrayBuffer;
  readonly identity: number;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #mourners = new Set<Mourner>();
  #listening = false;

  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? sharedMemory(BYTES);
    this.#words = new Int32Array(this.buffer);
    if (buffer === undefined) drawIdentity(this.#words, IDENTITY);
    this.identity = identityOf(this.#words, IDENTITY);
  }

  /** Grows with each death: whoever has seen this number knows all there is to know. */
  get count(): number {
    return Atomics.load(this.#words, COUNT);
  }

  isDead(thread: number): boolean {
    for (let each = thread; each > 0 && each < this.#words.length - FIRST; ) {
      const word = Atomics.load(this.#words, FIRST + each);
      if ((word & DEAD) !== 0) return true;
      each = word >> 1;
    }
    return false;
  }

  /** Writes down that this thread has started `thread`, and whether that one has ended. */
  note(thread: number, dead: boolean): void {
    if (thread >= this.#words.length - FIRST) return;
    Atomics.or(this.#words, FIRST + thread, (agent << 1) | (dead ? DEAD : 0));
    if (!dead) return;
    Atomics.add(this.#words, COUNT, 1);
    Atomics.notify(this.#words, COUNT);
  }

  /** Calls `mourner.sweep` after each death until {@link unfollow}; does not keep the program alive. */
  follow(mourner: Mourner): void {
    this.#mourners.add(mourner);
    this.#listen(this.count);
  }

  unfollow(mourner: Mourner): void {
    this.#mourners.delete(mourner);
  }

  #listen(seen: number): void {
    if (this.#listening) return;
    const { async, value } = Atomics.waitAsync(this.#words, COUNT, seen);
    if (!async) return this.#mourn();
    this.#listening = true;
    void value.then(() => {
      this.#listening = false;
      if (this.#mourners.size > 0) this.#mourn();
    });
  }

  #mourn(): void {
    const seen = this.count;
    for (const mourner of [...this.#mourners]) mourner.sweep();
    this.#listen(seen);
  }
}

/** The lists that this thread knows: one, unless threads made theirs before they met. */
const known: Deaths[] = [];
/** The workers that this thread has started, and whether they have ended. */
const children = new Map<number, boolean>();

/** The list that came with a handle, or this thread's own. */
export function deathsOf(buffer?: SharedArrayBuffer): Deaths {
  if (buffer === undefined && known.length > 0) return known[0]!;
  const deaths = new Deaths(buffer);
  const same = known.find(({ identity }) => identity === deaths.identity);
  if (same !== undefined) return same;
  if (known.length === 0) nodeProcess?.on?.("worker", watchWorker);
  for (const [thread, dead] of children) deaths.note(thread, dead);
  known.push(deaths);
  return deaths;
}

/** What is asked of a worker of `node:worker_threads`. */
export interface Watchable {
  readonly threadId: number;
  once(event: "exit", listener: () => void): unknown;
}

const watched = new WeakSet<Watchable>();

/**
 * Notices when `worker` ends, however it does, and with it the workers that it started: what it held is
 * taken from it. In Node this happens by itself for every worker that a thread starts after it has made
 * its first shared primitive; call this for those started before. See {@link SharedMutex} for what
 * becomes of a lock.
 *
 * What is not noticed: an end of which this thread's event loop is not told because the thread blocks (a
 * `…Sync` form without a time-out), and, in browsers, any end, because nobody is told there.
 */
export function watchWorker(worker: Watchable): void {
  if (worker.threadId < 0 || watched.has(worker)) return;
  watched.add(worker);
  const thread = worker.threadId + 1;
  note(thread, false);
  worker.once("exit", () => note(thread, true));
}

function note(thread: number, dead: boolean): void {
  children.set(thread, dead);
  for (const deaths of known) deaths.note(thread, dead);
}
