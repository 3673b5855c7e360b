/**
 * What a hand-off mutex costs with nothing else to it: no cancellation, no misuse checks, no seam. A limit
 * to measure against, not to use.
 */
export class BareMutex {
  #held = false;
  #head = null;
  #tail = null;

  lock() {
    if (!this.#held) {
      this.#held = true;
      return granted;
    }
    return new Promise((resolve) => {
      const waiter = { resolve, next: null };
      if (this.#tail === null) this.#head = waiter;
      else this.#tail.next = waiter;
      this.#tail = waiter;
    });
  }

  unlock() {
    const first = this.#head;
    if (first === null) {
      this.#held = false;
      return;
    }
    this.#head = first.next;
    if (first.next === null) this.#tail = null;
    first.resolve();
  }
}

const granted = Promise.resolve();
