import { NoCopy } from "../no-copy.js";
import { expectHandle, postTheHandle, type SharedHandle } from "../shared/handle.js";
import { sharedMemory } from "../shared/memory.js";

/** A boolean in memory that all threads share (Go's `atomic.Bool`). Ordering as for the numbers. */
export class Bool extends NoCopy {
  /** @internal */
  override readonly noCopy: symbol = postTheHandle;
  /** For `postMessage`; `from` makes the same variable of it in another thread. */
  readonly handle: SharedHandle;
  readonly #cell: Int32Array;

  constructor(initial?: boolean);
  /** @internal */
  constructor(initial: boolean | undefined, handle: SharedHandle);
  constructor(initial = false, handle?: SharedHandle) {
    super();
    this.handle = handle ?? { kind: "Bool", buffer: sharedMemory(4), name: "Bool" };
    this.#cell = new Int32Array(this.handle.buffer);
    if (handle === undefined) this.#cell[0] = Number(initial);
  }

  static from(handle: SharedHandle): Bool {
    return new Bool(undefined, expectHandle(handle, "Bool"));
  }

  /** @internal */
  get kind(): string {
    return "Bool";
  }

  load(): boolean {
    return Atomics.load(this.#cell, 0) === 1;
  }

  store(value: boolean): void {
    Atomics.store(this.#cell, 0, Number(value));
  }

  /** Stores `value` and returns the old one. */
  swap(value: boolean): boolean {
    return Atomics.exchange(this.#cell, 0, Number(value)) === 1;
  }

  /** Stores `next` if the value is `old`; whether it was. */
  compareAndSwap(old: boolean, next: boolean): boolean {
    const expected = Number(old);
    return Atomics.compareExchange(this.#cell, 0, expected, Number(next)) === expected;
  }
}
