import { NoCopy } from "../no-copy.js";
import { expectHandle, postTheHandle, type SharedHandle } from "../shared/handle.js";
import { sharedMemory } from "../shared/memory.js";

/**
 * A number in memory that all threads share (Go's `atomic.Int32` and its like). Each operation is one
 * step that no other thread sees half of, and all threads see the operations of all atomics in one and
 * the same order (sequential consistency): what was written before a `store` is seen by who `load`s its
 * value. Arithmetic wraps round, as Go's does.
 */
export abstract class AtomicNumber<N> extends NoCopy {
  /** @internal */
  override readonly noCopy: symbol = postTheHandle;
  /** For `postMessage`; `from` makes the same variable of it in another thread. */
  readonly handle: SharedHandle;

  /** @internal */
  protected constructor(kind: string, bytes: number, handle: SharedHandle | undefined) {
    super();
    this.handle = handle ?? { kind, buffer: sharedMemory(bytes), name: kind };
  }

  /** @internal */
  get kind(): string {
    return this.handle.kind;
  }

  abstract load(): N;
  abstract store(value: N): void;
  /** Adds `delta` and returns the new value. */
  abstract add(delta: N): N;
  /** Stores `value` and returns the old one. */
  abstract swap(value: N): N;
  /** Stores `next` if the value is `old`; whether it was. */
  abstract compareAndSwap(old: N, next: N): boolean;
  /** Keeps the bits that `mask` has too, and returns the old value. */
  abstract and(mask: N): N;
  /** Sets the bits of `mask`, and returns the old value. */
  abstract or(mask: N): N;
}

abstract class Word32 extends AtomicNumber<number> {
  /** @internal */
  protected abstract readonly cell: Int32Array | Uint32Array;
  /** @internal As it is stored. */
  protected abstract wrap(value: number): number;

  load(): number {
    return Atomics.load(this.cell, 0);
  }

  store(value: number): void {
    Atomics.store(this.cell, 0, value);
  }

  add(delta: number): number {
    return this.wrap(Atomics.add(this.cell, 0, delta) + delta);
  }

  swap(value: number): number {
    return Atomics.exchange(this.cell, 0, value);
  }

  compareAndSwap(old: number, next: number): boolean {
    const expected = this.wrap(old);
    return Atomics.compareExchange(this.cell, 0, expected, next) === expected;
  }

  and(mask: number): number {
    return Atomics.and(this.cell, 0, mask);
  }

  or(mask: number): number {
    return Atomics.or(this.cell, 0, mask);
  }
}

abstract class Word64 extends AtomicNumber<bigint> {
  /** @internal */
  protected abstract readonly cell: BigInt64Array | BigUint64Array;
  /** @internal As it is stored. */
  protected abstract wrap(value: bigint): bigint;

  load(): bigint {
    return Atomics.load(this.cell, 0);
  }

  store(value: bigint): void {
    Atomics.store(this.cell, 0, value);
  }

  add(delta: bigint): bigint {
    return this.wrap(Atomics.add(this.cell, 0, delta) + delta);
  }

  swap(value: bigint): bigint {
    return Atomics.exchange(this.cell, 0, value);
  }

  compareAndSwap(old: bigint, next: bigint): boolean {
    const expected = this.wrap(old);
    return Atomics.compareExchange(this.cell, 0, expected, next) === expected;
  }

  and(mask: bigint): bigint {
    return Atomics.and(this.cell, 0, mask);
  }

  or(mask: bigint): bigint {
    return Atomics.or(this.cell, 0, mask);
  }
}

/** Go's `atomic.Int32`. */
export class Int32 extends Word32 {
  /** @internal */
  protected readonly cell: Int32Array;

  constructor(initial?: number);
  /** @internal */
  constructor(initial: number | undefined, handle: SharedHandle);
  constructor(initial = 0, handle?: SharedHandle) {
    super("Int32", 4, handle);
    this.cell = new Int32Array(this.handle.buffer);
    if (handle === undefined) this.cell[0] = initial;
  }

  static from(handle: SharedHandle): Int32 {
    return new Int32(undefined, expectHandle(handle, "Int32"));
  }

  /** @internal */
  protected wrap(value: number): number {
    return value | 0;
  }
}

/** Go's `atomic.Uint32`. */
export class Uint32 extends Word32 {
  /** @internal */
  protected readonly cell: Uint32Array;

  constructor(initial?: number);
  /** @internal */
  constructor(initial: number | undefined, handle: SharedHandle);
  constructor(initial = 0, handle?: SharedHandle) {
    super("Uint32", 4, handle);
    this.cell = new Uint32Array(this.handle.buffer);
    if (handle === undefined) this.cell[0] = initial;
  }

  static from(handle: SharedHandle): Uint32 {
    return new Uint32(undefined, expectHandle(handle, "Uint32"));
  }

  /** @internal */
  protected wrap(value: number): number {
    return value >>> 0;
  }
}

/** Go's `atomic.Int64`. */
export class Int64 extends Word64 {
  /** @internal */
  protected readonly cell: BigInt64Array;

  constructor(initial?: bigint);
  /** @internal */
  constructor(initial: bigint | undefined, handle: SharedHandle);
  constructor(initial = 0n, handle?: SharedHandle) {
    super("Int64", 8, handle);
    this.cell = new BigInt64Array(this.handle.buffer);
    if (handle === undefined) this.cell[0] = initial;
  }

  static from(handle: SharedHandle): Int64 {
    return new Int64(undefined, expectHandle(handle, "Int64"));
  }

  /** @internal */
  protected wrap(value: bigint): bigint {
    return BigInt.asIntN(64, value);
  }
}

/** Go's `atomic.Uint64`. */
export class Uint64 extends Word64 {
  /** @internal */
  protected readonly cell: BigUint64Array;

  constructor(initial?: bigint);
  /** @internal */
  constructor(initial: bigint | undefined, handle: SharedHandle);
  constructor(initial = 0n, handle?: SharedHandle) {
    super("Uint64", 8, handle);
    this.cell = new BigUint64Array(this.handle.buffer);
    if (handle === undefined) this.cell[0] = initial;
  }

  static from(handle: SharedHandle): Uint64 {
    return new Uint64(undefined, expectHandle(handle, "Uint64"));
  }

  /** @internal */
  protected wrap(value: bigint): bigint {
    return BigInt.asUintN(64, value);
  }
}
