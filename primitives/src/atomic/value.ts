import { syncError } from "../misuse.js";
import { NoCopy } from "../no-copy.js";

/**
 * Any value, within one thread (Go's `atomic.Value` and `atomic.Pointer`). All values stored in one must
 * be of one type: as Go asks for the same concrete type, so here for the same `typeof` and, of objects,
 * the same prototype. `undefined` and `null` are Go's nil: they cannot be stored.
 */
export class Value<T> extends NoCopy {
  #value: T | undefined;

  constructor(initial?: T) {
    super();
    if (initial !== undefined) this.store(initial);
  }

  /** @internal */
  get kind(): string {
    return "Value";
  }

  /** What was stored last; `undefined` before the first store. */
  load(): T | undefined {
    return this.#value;
  }

  /**
   * @throws {SyncError} `sync/atomic: store of nil value into Value`
   * @throws {SyncError} `sync/atomic: store of inconsistently typed value into Value`
   */
  store(value: T): void {
    this.#check("store", value);
    this.#value = value;
  }

  /**
   * Stores `value` and returns the old one, `undefined` if there was none.
   *
   * @throws {SyncError} as {@link store} does, `swap` in place of `store`
   */
  swap(value: T): T | undefined {
    this.#check("swap", value);
    const old = this.#value;
    this.#value = value;
    return old;
  }

  /**
   * Stores `next` if the value is `old` (by `===`; `undefined` for none yet); whether it was.
   *
   * @throws {SyncError} `sync/atomic: compare and swap of inconsistently typed values`: of `old` and `next`
   * @throws {SyncError} as {@link store} does, `compare and swap` in place of `store`
   */
  compareAndSwap(old: T | undefined, next: T): boolean {
    if (isNil(next)) throw nilValue("compare and swap");
    if (!isNil(old) && typeOf(old) !== typeOf(next)) {
      throw syncError("inconsistent-type", "sync/atomic: compare and swap of inconsistently typed values");
    }
    this.#check("compare and swap", next);
    if (this.#value !== (old ?? undefined)) return false;
    this.#value = next;
    return true;
  }

  #check(operation: string, value: T): void {
    if (isNil(value)) throw nilValue(operation);
    if (this.#value === undefined || typeOf(this.#value) === typeOf(value)) return;
    throw syncError(
      "inconsistent-type",
      `sync/atomic: ${operation} of inconsistently typed value into Value`,
    );
  }
}

function nilValue(operation: string) {
  return syncError("nil-value", `sync/atomic: ${operation} of nil value into Value`);
}

function isNil(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** What tells types apart: a primitive type's name, or what an object inherits from. */
function typeOf(value: unknown): unknown {
  return typeof value === "object" ? Object.getPrototypeOf(value) : typeof value;
}
