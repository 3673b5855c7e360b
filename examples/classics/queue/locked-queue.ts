import { type SharedHandle, SharedMutex } from "@lockscope/sync/shared";

/** Where the words stand: the position of the oldest value, how many there are, then the values. */
const HEAD = 0;
const LENGTH = 1;
const VALUES = 2;

/** What another thread rebuilds the queue from. */
export interface QueueHandle {
  readonly mutex: SharedHandle;
  readonly memory: SharedArrayBuffer;
}

/** A bounded queue of whole numbers in shared memory. Each operation holds the lock from its first look to its last. */
export class LockedQueue {
  readonly #mu: SharedMutex;
  readonly #words: Int32Array;
  readonly #capacity: number;

  constructor(readonly handle: QueueHandle) {
    this.#mu = SharedMutex.from(handle.mutex);
    this.#words = new Int32Array(handle.memory);
    this.#capacity = this.#words.length - VALUES;
  }

  static create(capacity: number): LockedQueue {
    const memory = new SharedArrayBuffer((VALUES + capacity) * Int32Array.BYTES_PER_ELEMENT);
    return new LockedQueue({ mutex: new SharedMutex({ name: "queue" }).handle, memory });
  }

  /** Adds a value if there is room. Blocks the thread while another one is at the queue. */
  tryPush(value: number): boolean {
    this.#mu.lockSync();
    try {
      const [head, length] = [this.#words[HEAD]!, this.#words[LENGTH]!];
      if (length === this.#capacity) return false;
      this.#words[VALUES + ((head + length) % this.#capacity)] = value;
      this.#words[LENGTH] = length + 1;
      return true;
    } finally {
      this.#mu.unlock();
    }
  }

  /** Takes the oldest value, if there is any. */
  tryPop(): number | undefined {
    this.#mu.lockSync();
    try {
      const [head, length] = [this.#words[HEAD]!, this.#words[LENGTH]!];
      if (length === 0) return undefined;
      this.#words[HEAD] = (head + 1) % this.#capacity;
      this.#words[LENGTH] = length - 1;
      return this.#words[VALUES + head];
    } finally {
      this.#mu.unlock();
    }
  }
}
