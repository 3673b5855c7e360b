/** The first one comes so long after the last rows. */
const FIRST_MS = 100;
/** Each next one comes when it has been quiet for so many times as long, */
const GROWTH = 1.25;
/** but not later than so long after the one before: who is not heard of at all has been killed. */
const LONGEST_MS = 5000;

/**
 * When a program that is quiet is to say that it is: who reads the trace cannot tell that a lock is still held from that
 * nothing has come through. Ever more seldom, so that an hour of silence takes 24 kilobytes.
 */
export class Heartbeat {
  #quietSince = 0;
  #next = 0;

  /** There were rows at `now`, in milliseconds. */
  rows(now: number): void {
    this.#quietSince = now;
    this.#next = now + FIRST_MS;
  }

  /** There were none. Whether that is to be said. */
  isDue(now: number): boolean {
    if (now < this.#next) return false;
    const quiet = now - this.#quietSince;
    this.#next = now + Math.min(LONGEST_MS, Math.max(FIRST_MS, (GROWTH - 1) * quiet));
    return true;
  }
}
