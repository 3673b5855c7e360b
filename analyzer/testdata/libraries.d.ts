/**
 * The public surface of `@lockscope/sync`: what programs written against the
 * library rely on. It is a floor, not a ceiling: add to it, rename nothing.
 * Names follow Go's `sync`, `context`, `x/sync` and etcd's `concurrency`
 * packages, in TypeScript's camelCase. What a member does where this file is
 * silent is what its Go namesake does.
 *
 * Every blocking operation returns a promise. Every blocking operation takes
 * an optional `signal`; when it aborts, the wait is given up, the waiter leaves
 * the queue, nothing is acquired, and the promise rejects with `signal.reason`.
 */
declare module "@lockscope/sync" {
  // ---------------------------------------------------------------- tasks
  export interface WaitOptions { signal?: AbortSignal }
  export interface Named { name?: string }

  export type TaskState = "running" | "waiting" | "done" | "panicked";
  /** A running task: what Go calls a goroutine. Not a thenable on purpose. */
  export interface Task<T = unknown> {
    readonly id: number;
    readonly name: string;
    readonly state: TaskState;
    /** Resolves with the task's value; rejects with what it threw. */
    join(): Promise<T>;
  }
  /**
   * Starts a task; `fn` begins after the caller's current synchronous stretch, never inside `go`.
   * What it throws and nobody joins ends the process, as a Go panic does.
   */
  export function go<T>(fn: () => T | PromiseLike<T>, options?: Named): Task<T>;
  export function currentTask(): Task | undefined;
  export function numTasks(): number;
  /** Lets other tasks run (runtime.Gosched). */
  export function gosched(): Promise<void>;
  export function sleep(ms: number, options?: WaitOptions): Promise<void>;
  /** `using _ = defer(() => mu.unlock())` runs at the end of the block. */
  export function defer(fn: () => void): Disposable;

  /** Misuse of a primitive. `message` is Go's panic text, `code` is stable. */
  export class SyncError extends Error {
    readonly code: string;
    readonly primitive?: string;
    readonly task?: string;
    readonly lockedAt?: string;
  }
  /** From now on a task that locks again what it holds gets an error instead of waiting for itself. */
  export function detectRelock(): Disposable;

  // ---------------------------------------------------------------- sync
  /** As in Go, any task may unlock what another one locked. */
  export interface Locker {
    lock(options?: WaitOptions): Promise<void>;
    unlock(): void;
  }
  /** Disposing releases, unless `release()` was called before; a second `release()` throws. */
  export interface Guard extends Disposable { release(): void }

  export class Mutex implements Locker {
    constructor(options?: Named);
    readonly name: string;
    lock(options?: WaitOptions): Promise<void>;
    tryLock(): boolean;
    unlock(): void;
    /** `using guard = await mu.acquire()`. */
    acquire(options?: WaitOptions): Promise<Guard>;
    withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    readonly locked: boolean;
    readonly woken: boolean;
    readonly starving: boolean;
    readonly waiters: number;
  }

  export class RWMutex implements Locker {
    constructor(options?: Named);
    readonly name: string;
    lock(options?: WaitOptions): Promise<void>;
    tryLock(): boolean;
    unlock(): void;
    rLock(options?: WaitOptions): Promise<void>;
    tryRLock(): boolean;
    rUnlock(): void;
    rLocker(): Locker;
    acquire(options?: WaitOptions): Promise<Guard>;
    acquireRead(options?: WaitOptions): Promise<Guard>;
    withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    withRLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    readonly writerHeld: boolean;
    readonly readers: number;
    readonly waiters: number;
  }

  /** A mutex that the task holding it may lock again. */
  export class RecursiveMutex implements Locker {
    constructor(options?: Named);
    readonly name: string;
    lock(options?: WaitOptions): Promise<void>;
    tryLock(): boolean;
    unlock(): void;
    acquire(options?: WaitOptions): Promise<Guard>;
    withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    readonly locked: boolean;
    readonly waiters: number;
    readonly owner: Task | undefined;
    readonly depth: number;
  }

  export class WaitGroup {
    constructor(options?: Named);
    add(delta: number): void;
    done(): void;
    wait(options?: WaitOptions): Promise<void>;
    /** add(1), run fn as a task, done() when it ends. */
    go(fn: () => unknown): Task;
    readonly count: number;
    readonly name: string;
  }

  export class Cond {
    constructor(l: Locker, options?: Named);
    readonly l: Locker;
    wait(options?: WaitOptions): Promise<void>;
    signal(): void;
    broadcast(): void;
    readonly waiters: number;
    readonly name: string;
  }

  export class Once {
    constructor(options?: Named);
    do(fn: () => unknown, options?: WaitOptions): Promise<void>;
    readonly name: string;
  }
  export function onceFunc(fn: () => unknown): (options?: WaitOptions) => Promise<void>;
  export function onceValue<T>(fn: () => T | PromiseLike<T>): (options?: WaitOptions) => Promise<T>;
  export function onceValues<T extends readonly unknown[] | []>(fn: () => T | PromiseLike<T>): (options?: WaitOptions) => Promise<T>;

  /** Go's sync.Map, plus a compute that runs once per key however many ask. */
  export class SyncMap<K, V> {
    constructor(options?: Named);
    readonly name: string;
    load(key: K): [value: V | undefined, ok: boolean];
    store(key: K, value: V): void;
    loadOrStore(key: K, value: V): [actual: V, loaded: boolean];
    loadOrCompute(key: K, fn: (key: K) => V | PromiseLike<V>, options?: WaitOptions): Promise<V>;
    loadAndDelete(key: K): [value: V | undefined, loaded: boolean];
    delete(key: K): void;
    swap(key: K, value: V): [previous: V | undefined, loaded: boolean];
    compareAndSwap(key: K, old: V, next: V): boolean;
    compareAndDelete(key: K, old: V): boolean;
    range(fn: (key: K, value: V) => boolean): void;
    clear(): void;
  }

  export interface PoolOptions<T> extends Named { new?: () => T; reset?: (item: T) => void }
  export class Pool<T> {
    constructor(options: PoolOptions<T>);
    readonly name: string;
    get(): T | undefined;
    put(item: T): void;
  }
}

/**
 * The same primitives between worker threads, over a SharedArrayBuffer. `handle`
 * is structured-cloneable: post it to a worker and rebuild the primitive there
 * with `from`. The promise forms work on any thread, the main one included; the
 * `…Sync` forms block the thread and are for workers (they return false on time-out).
 */
declare module "@lockscope/sync/shared" {
  import type { Locker, Guard, Named, WaitOptions } from "@lockscope/sync";
  export { SyncError } from "@lockscope/sync";
  export interface SharedHandle {
    readonly kind: string;
    readonly buffer: SharedArrayBuffer;
    readonly name: string;
    readonly deaths?: SharedArrayBuffer;
  }
  export interface SharedOptions extends Named { threads?: number }
  export interface SharedChannelOptions extends SharedOptions { bytes: number }
  export interface SharedQueueOptions extends Named { capacity: number; words?: number }
  export interface Watchable { readonly threadId: number; once(event: "exit", listener: () => void): unknown }
  /** Notices when the worker ends: what it held is recovered, and the next holder told. */
  export function watchWorker(worker: Watchable): void;
  export class SharedMutex implements Locker {
    constructor(options?: SharedOptions);
    static from(handle: SharedHandle): SharedMutex;
    readonly handle: SharedHandle;
    readonly name: string;
    lock(options?: WaitOptions): Promise<void>;
    lockSync(timeoutMs?: number): boolean;
    tryLock(): boolean;
    unlock(): void;
    acquire(options?: WaitOptions): Promise<Guard>;
    withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    readonly locked: boolean;
    readonly woken: boolean;
    readonly starving: boolean;
    readonly waiters: number;
  }
  export class SharedRWMutex implements Locker {
    constructor(options?: SharedOptions);
    static from(handle: SharedHandle): SharedRWMutex;
    readonly handle: SharedHandle;
    readonly name: string;
    lock(options?: WaitOptions): Promise<void>;
    lockSync(timeoutMs?: number): boolean;
    tryLock(): boolean;
    unlock(): void;
    rLock(options?: WaitOptions): Promise<void>;
    rLockSync(timeoutMs?: number): boolean;
    tryRLock(): boolean;
    rUnlock(): void;
    rLocker(): Locker;
    acquire(options?: WaitOptions): Promise<Guard>;
    acquireRead(options?: WaitOptions): Promise<Guard>;
    withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    withRLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T>;
    readonly writerHeld: boolean;
    readonly readers: number;
    readonly waiters: number;
  }
  export class SharedWaitGroup {
    constructor(options?: SharedOptions);
    static from(handle: SharedHandle): SharedWaitGroup;
    readonly handle: SharedHandle;
    readonly name: string;
    add(delta: number): void;
    done(): void;
    wait(options?: WaitOptions): Promise<void>;
    waitSync(timeoutMs?: number): boolean;
    readonly count: number;
  }
  export class SharedSemaphore {
    constructor(size: number, options?: SharedOptions);
    static from(handle: SharedHandle): SharedSemaphore;
    readonly handle: SharedHandle;
    readonly name: string;
    acquire(n?: number, options?: WaitOptions): Promise<void>;
    acquireSync(n?: number, timeoutMs?: number): boolean;
    tryAcquire(n?: number): boolean;
    release(n?: number): void;
    readonly size: number;
    readonly available: number;
    readonly waiters: number;
  }
  export class SharedBarrier {
    constructor(parties: number, options?: SharedOptions);
    static from(handle: SharedHandle): SharedBarrier;
    readonly handle: SharedHandle;
    readonly name: string;
    wait(options?: WaitOptions): Promise<number>;
    waitSync(timeoutMs?: number): number;
    readonly parties: number;
    readonly waiting: number;
  }
  /** Lock-free and bounded, many producers and consumers; numbers, or records of `words` 32-bit integers. */
  export class SharedQueue {
    constructor(options: SharedQueueOptions);
    static from(handle: SharedHandle): SharedQueue;
    readonly handle: SharedHandle;
    readonly name: string;
    readonly capacity: number;
    readonly length: number;
    tryPush(value: number | ArrayLike<number>): boolean;
    tryPop(into?: Int32Array): number | Int32Array | undefined;
  }
  /** Bounded, many senders and receivers, values carried by structured clone (v8 serialisation). */
  export class SharedChannel<T> {
    constructor(options: SharedChannelOptions);
    static from<T>(handle: SharedHandle): SharedChannel<T>;
    readonly handle: SharedHandle;
    readonly name: string;
    send(value: T, options?: WaitOptions): Promise<void>;
    sendSync(value: T, timeoutMs?: number): boolean;
    receive(options?: WaitOptions): Promise<T | undefined>;
    receiveSync(timeoutMs?: number): T | undefined;
    trySend(value: T): boolean;
    receiveOk(options?: WaitOptions): Promise<[value: T | undefined, ok: boolean]>;
    tryReceive(): [value: T | undefined, ok: boolean] | undefined;
    close(): void;
    readonly bytes: number;
    readonly closed: boolean;
    [Symbol.asyncIterator](): AsyncIterator<T>;
  }
}

declare module "@lockscope/sync/atomic" {
  import type { SharedHandle } from "@lockscope/sync/shared";
  import type { Named } from "@lockscope/sync";
  export { SyncError } from "@lockscope/sync";
  export type { SharedHandle };
  export abstract class AtomicNumber<N> {
    constructor(initial?: N, options?: Named);
    readonly name: string;
    readonly handle: SharedHandle;
    load(): N;
    store(value: N): void;
    add(delta: N): N;
    swap(value: N): N;
    compareAndSwap(old: N, next: N): boolean;
    and(mask: N): N;
    or(mask: N): N;
  }
  export class Int32 extends AtomicNumber<number> { static from(handle: SharedHandle): Int32 }
  export class Uint32 extends AtomicNumber<number> { static from(handle: SharedHandle): Uint32 }
  export class Int64 extends AtomicNumber<bigint> { static from(handle: SharedHandle): Int64 }
  export class Uint64 extends AtomicNumber<bigint> { static from(handle: SharedHandle): Uint64 }
  export class Bool {
    constructor(initial?: boolean, options?: Named);
    readonly name: string;
    static from(handle: SharedHandle): Bool;
    readonly handle: SharedHandle;
    load(): boolean;
    store(value: boolean): void;
    swap(value: boolean): boolean;
    compareAndSwap(old: boolean, next: boolean): boolean;
  }
  /** Any value, within one thread (Go's atomic.Value and atomic.Pointer). */
  export class Value<T> {
    constructor(initial?: T, options?: Named);
    readonly name: string;
    load(): T | undefined;
    store(value: T): void;
    swap(value: T): T | undefined;
    compareAndSwap(old: T | undefined, next: T): boolean;
  }
}

declare module "@lockscope/sync/channel" {
  import type { Named, WaitOptions } from "@lockscope/sync";
  export interface SendChannel<in T> {
    readonly name: string;
    readonly capacity: number;
    readonly length: number;
    readonly closed: boolean;
    send(value: T, options?: WaitOptions): Promise<void>;
    trySend(value: T): boolean;
    close(): void;
  }
  export interface ReceiveChannel<out T> extends AsyncIterable<T> {
    readonly name: string;
    readonly capacity: number;
    readonly length: number;
    readonly closed: boolean;
    receive(options?: WaitOptions): Promise<T | undefined>;
    receiveOk(options?: WaitOptions): Promise<[value: T | undefined, ok: boolean]>;
    tryReceive(): [value: T | undefined, ok: boolean] | undefined;
    values(options?: WaitOptions): AsyncIterableIterator<T>;
  }
  export class Channel<T> implements SendChannel<T>, ReceiveChannel<T> {
    /** capacity 0: unbuffered, a send waits for its receiver. */
    constructor(capacity?: number, options?: Named);
    /** Go's nil channel: send and receive block for ever, close throws. */
    static nil<T>(): Channel<T>;
    readonly name: string;
    readonly capacity: number;
    readonly length: number;
    readonly closed: boolean;
    send(value: T, options?: WaitOptions): Promise<void>;
    trySend(value: T): boolean;
    receive(options?: WaitOptions): Promise<T | undefined>;
    receiveOk(options?: WaitOptions): Promise<[value: T | undefined, ok: boolean]>;
    tryReceive(): [value: T | undefined, ok: boolean] | undefined;
    values(options?: WaitOptions): AsyncIterableIterator<T>;
    close(): void;
    [Symbol.asyncIterator](): AsyncIterator<T>;
  }
  export type SelectCase<R> = { readonly __case: R };
  export function onReceive<T, R>(ch: ReceiveChannel<T>, then: (value: T | undefined, ok: boolean) => R | PromiseLike<R>): SelectCase<R>;
  export function onSend<T, R>(ch: SendChannel<T>, value: T, then: () => R | PromiseLike<R>): SelectCase<R>;
  /** Go's `default`. */
  export function otherwise<R>(then: () => R | PromiseLike<R>): SelectCase<R>;
  /** Waits for one ready case, chosen at random among several; runs and returns its handler. */
  export function select<R>(...cases: SelectCase<R>[]): Promise<R>;
  export function after(ms: number): Channel<Date>;
  /** Go's time.Timer: fires once on `c`; stop and reset return whether it was still pending. */
  export class Timer implements Disposable {
    constructor(ms: number);
    readonly name: string;
    readonly c: Channel<Date>;
    stop(): boolean;
    reset(ms: number): boolean;
    [Symbol.dispose](): void;
  }
  export function tick(ms: number): Channel<Date> & Disposable;
}

declare module "@lockscope/sync/context" {
  import type { Channel } from "@lockscope/sync/channel";
  export interface Context {
    readonly signal: AbortSignal;
    readonly done: Channel<never>;
    readonly err: Error | undefined;
    readonly deadline: Date | undefined;
    value<T>(key: unknown): T | undefined;
  }
  export type CancelFunc = () => void;
  export type CancelCauseFunc = (cause?: Error) => void;
  export class CanceledError extends Error {}
  export class DeadlineExceededError extends Error { readonly timeout: boolean }
  export function background(): Context;
  export function todo(): Context;
  export function withCancel(parent: Context): [Context, CancelFunc];
  export function withCancelCause(parent: Context): [Context, CancelCauseFunc];
  export function withDeadline(parent: Context, at: Date): [Context, CancelFunc];
  export function withTimeout(parent: Context, ms: number): [Context, CancelFunc];
  export function withDeadlineCause(parent: Context, at: Date, cause: Error | undefined): [Context, CancelFunc];
  export function withTimeoutCause(parent: Context, ms: number, cause: Error | undefined): [Context, CancelFunc];
  export function fromSignal(signal: AbortSignal): Context;
  export function withValue(parent: Context, key: unknown, value: unknown): Context;
  export function withoutCancel(parent: Context): Context;
  export function afterFunc(ctx: Context, fn: () => unknown): () => boolean;
  export function cause(ctx: Context): Error | undefined;
}

declare module "@lockscope/sync/group" {
  import type { Named, WaitOptions } from "@lockscope/sync";
  import type { Context } from "@lockscope/sync/context";
  import type { Channel } from "@lockscope/sync/channel";
  export class Semaphore {
    constructor(size: number, options?: Named);
    acquire(n?: number, options?: WaitOptions): Promise<void>;
    tryAcquire(n?: number): boolean;
    release(n?: number): void;
    withPermit<T>(fn: () => T | PromiseLike<T>, n?: number, options?: WaitOptions): Promise<T>;
    readonly size: number;
    readonly available: number;
    readonly waiters: number;
    readonly name: string;
  }
  export interface Shared<T> { readonly value: T; readonly shared: boolean }
  export interface SharedResult<T> { readonly value?: T; readonly error?: unknown; readonly shared: boolean }
  export class SingleFlight<T> {
    constructor(options?: Named);
    readonly name: string;
    do(key: string, fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<Shared<T>>;
    doChan(key: string, fn: () => T | PromiseLike<T>): Channel<SharedResult<T>>;
    forget(key: string): void;
  }
  export class BrokenBarrierError extends Error {}
  export class CyclicBarrier {
    constructor(parties: number, action?: () => unknown, options?: Named);
    readonly name: string;
    /** Resolves with the arrival index, parties-1 for the first and 0 for the last. */
    wait(options?: WaitOptions): Promise<number>;
    reset(): void;
    readonly parties: number;
    readonly waiting: number;
    readonly broken: boolean;
  }
  export class ErrGroup {
    constructor(options?: Named);
    readonly name: string;
    static withContext(parent: Context, options?: Named): [ErrGroup, Context];
    /** Starts fn, or queues it while the limit is reached. */
    go(fn: () => unknown): void;
    tryGo(fn: () => unknown): boolean;
    setLimit(n: number): void;
    /** Waits for all; rejects with the first error. */
    wait(options?: WaitOptions): Promise<void>;
  }
}

/** gollback, Hunch and schedgroup under one roof. Each fn gets a Context it must heed. */
declare module "@lockscope/sync/orchestrate" {
  import type { Named } from "@lockscope/sync";
  import type { Context } from "@lockscope/sync/context";
  export type Work<T> = (ctx: Context) => T | PromiseLike<T>;
  /** Waits for all, errors and all (gollback.All). */
  export function settle<T>(ctx: Context, ...work: Work<T>[]): Promise<PromiseSettledResult<T>[]>;
  /** The first success wins and cancels the rest (gollback.Race). */
  export function race<T>(ctx: Context, ...work: Work<T>[]): Promise<T>;
  export function retry<T>(ctx: Context, attempts: number, work: Work<T>): Promise<T>;
  /** Waits for all; the first error cancels the rest (Hunch.All). */
  export function all<T>(ctx: Context, ...work: Work<T>[]): Promise<T[]>;
  /** The first n results in order of completion; the rest is cancelled. */
  export function take<T>(ctx: Context, n: number, ...work: Work<T>[]): Promise<T[]>;
  export function last<T>(ctx: Context, n: number, ...work: Work<T>[]): Promise<T[]>;
  export function waterfall(ctx: Context, ...work: ((ctx: Context, previous: unknown) => unknown)[]): Promise<unknown>;
  export class MaxRetriesExceededError extends Error {}
  export class SchedGroup {
    constructor(ctx: Context, options?: Named);
    readonly name: string;
    readonly count: number;
    delay(ms: number, fn: () => unknown): void;
    schedule(at: Date, fn: () => unknown): void;
    wait(): Promise<void>;
  }
}

declare module "@lockscope/sync/patterns" {
  import type { Channel } from "@lockscope/sync/channel";
  import type { Context } from "@lockscope/sync/context";
  export function or(...channels: Channel<unknown>[]): Channel<never>;
  export function orDone<T>(ctx: Context, ch: Channel<T>): Channel<T>;
  export function fanIn<T>(ctx: Context, ...channels: Channel<T>[]): Channel<T>;
  export function fanOut<T>(ctx: Context, ch: Channel<T>, n: number): Channel<T>[];
  export function tee<T>(ctx: Context, ch: Channel<T>): [Channel<T>, Channel<T>];
  export function bridge<T>(ctx: Context, channels: Channel<Channel<T>>): Channel<T>;
  export function stream<T>(ctx: Context, values: Iterable<T> | AsyncIterable<T>): Channel<T>;
  export function take<T>(ctx: Context, ch: Channel<T>, n: number): Channel<T>;
  export function takeWhile<T>(ctx: Context, ch: Channel<T>, keep: (value: T) => boolean): Channel<T>;
  export function skip<T>(ctx: Context, ch: Channel<T>, n: number): Channel<T>;
  export function skipWhile<T>(ctx: Context, ch: Channel<T>, drop: (value: T) => boolean): Channel<T>;
  export function map<T, U>(ctx: Context, ch: Channel<T>, fn: (value: T) => U | PromiseLike<U>): Channel<U>;
  export function filter<T>(ctx: Context, ch: Channel<T>, fn: (value: T) => boolean): Channel<T>;
  export function reduce<T, A>(ctx: Context, ch: Channel<T>, fn: (acc: A, value: T) => A, init: A): Promise<A>;
}

/** The same primitives between processes and machines. */
declare module "@lockscope/sync/distributed" {
  import type { WaitOptions } from "@lockscope/sync";
  /** Keys with revisions, leases, transactions and watches. */
  export interface Store extends AsyncDisposable { readonly kind: "memory" | "etcd" }
  /** The embedded default: everything inside this process. */
  export function memoryStore(): Store;
  export function etcdStore(options: { hosts: string | string[]; [option: string]: unknown }): Store;
  export class Session {
    static open(store: Store, options?: { ttlSeconds?: number }): Promise<Session>;
    readonly leaseId: string;
    /** Aborts when the lease is lost: what the session held is no longer held. */
    readonly lost: AbortSignal;
    close(): Promise<void>;
  }
  export class LockedError extends Error {}
  export class SessionLostError extends Error {}
  export class Mutex {
    constructor(session: Session, prefix: string);
    lock(options?: WaitOptions): Promise<void>;
    /** Rejects with LockedError when another session holds it. */
    tryLock(): Promise<void>;
    unlock(): Promise<void>;
    readonly key: string;
    /** Grows with every acquisition: storage can refuse a stale holder. */
    readonly fencingToken: bigint;
  }
  export class RWMutex {
    constructor(session: Session, prefix: string);
    lock(options?: WaitOptions): Promise<void>;
    unlock(): Promise<void>;
    rLock(options?: WaitOptions): Promise<void>;
    rUnlock(): Promise<void>;
  }
  export class Election {
    constructor(session: Session, prefix: string);
    campaign(value: string, options?: WaitOptions): Promise<void>;
    proclaim(value: string): Promise<void>;
    resign(): Promise<void>;
    leader(): Promise<{ key: string; value: string; revision: bigint } | undefined>;
    observe(options?: WaitOptions): AsyncIterable<{ key: string; value: string; revision: bigint }>;
  }
  export class Queue {
    constructor(store: Store, prefix: string);
    enqueue(value: string): Promise<void>;
    dequeue(options?: WaitOptions): Promise<string>;
  }
  export class PriorityQueue {
    constructor(store: Store, prefix: string);
    /** The lowest number leaves first; equal numbers leave in order of arrival. */
    enqueue(value: string, priority: number): Promise<void>;
    dequeue(options?: WaitOptions): Promise<string>;
  }
  export class Barrier {
    constructor(store: Store, key: string);
    hold(): Promise<void>;
    release(): Promise<void>;
    wait(options?: WaitOptions): Promise<void>;
  }
  export class DoubleBarrier {
    constructor(session: Session, key: string, count: number);
    enter(options?: WaitOptions): Promise<void>;
    leave(options?: WaitOptions): Promise<void>;
  }
  export class Counter {
    constructor(store: Store, key: string);
    add(delta: bigint): Promise<bigint>;
    load(): Promise<bigint>;
  }
  export interface Tx { get(key: string): Promise<string | undefined>; put(key: string, value: string): void; delete(key: string): void }
  export function stm<T>(store: Store, fn: (tx: Tx) => Promise<T>, options?: { isolation?: "serializable-snapshot" | "serializable" | "repeatable-reads" | "read-committed" }): Promise<T>;
}

declare module "async-mutex" {
  interface MutexInterface {
    acquire(priority?: number): Promise<MutexInterface.Releaser>;
    runExclusive<T>(callback: MutexInterface.Worker<T>, priority?: number): Promise<T>;
    waitForUnlock(priority?: number): Promise<void>;
    isLocked(): boolean;
    release(): void;
    cancel(): void;
  }
  namespace MutexInterface {
    interface Releaser { (): void }
    interface Worker<T> { (): Promise<T> | T }
  }
  class Mutex implements MutexInterface {
    constructor(cancelError?: Error);
    acquire(priority?: number): Promise<MutexInterface.Releaser>;
    runExclusive<T>(callback: MutexInterface.Worker<T>, priority?: number): Promise<T>;
    waitForUnlock(priority?: number): Promise<void>;
    isLocked(): boolean;
    release(): void;
    cancel(): void;
  }
  interface SemaphoreInterface {
    acquire(weight?: number, priority?: number): Promise<[number, SemaphoreInterface.Releaser]>;
    runExclusive<T>(callback: SemaphoreInterface.Worker<T>, weight?: number, priority?: number): Promise<T>;
    waitForUnlock(weight?: number, priority?: number): Promise<void>;
    isLocked(): boolean;
    getValue(): number;
    setValue(value: number): void;
    release(weight?: number): void;
    cancel(): void;
  }
  namespace SemaphoreInterface {
    interface Releaser { (): void }
    interface Worker<T> { (value: number): Promise<T> | T }
  }
  class Semaphore implements SemaphoreInterface {
    constructor(value: number, cancelError?: Error);
    acquire(weight?: number, priority?: number): Promise<[number, SemaphoreInterface.Releaser]>;
    runExclusive<T>(callback: SemaphoreInterface.Worker<T>, weight?: number, priority?: number): Promise<T>;
    waitForUnlock(weight?: number, priority?: number): Promise<void>;
    isLocked(): boolean;
    getValue(): number;
    setValue(value: number): void;
    release(weight?: number): void;
    cancel(): void;
  }
  function withTimeout(mutex: MutexInterface, timeout: number, timeoutError?: Error): MutexInterface;
  function withTimeout(semaphore: SemaphoreInterface, timeout: number, timeoutError?: Error): SemaphoreInterface;
  function tryAcquire(mutex: MutexInterface, alreadyAcquiredError?: Error): MutexInterface;
  function tryAcquire(semaphore: SemaphoreInterface, alreadyAcquiredError?: Error): SemaphoreInterface;
  const E_TIMEOUT: Error;
  const E_ALREADY_LOCKED: Error;
  const E_CANCELED: Error;
}
declare module "@lockscope/sync/adapters/async-mutex" {
  export * from "async-mutex";
}

declare module "async-sema" {
  export class Sema {
    constructor(nr: number, options?: {
      initFn?: () => any;
      pauseFn?: () => void;
      resumeFn?: () => void;
      capacity?: number;
    });
    tryAcquire(): any | undefined;
    acquire(): Promise<any>;
    release(token?: any): void;
    drain(): Promise<any[]>;
    nrWaiting(): number;
    v(): Promise<any>;
    p(token?: any): void;
  }
  export interface Limiter { (): Promise<void> }
  export function RateLimit(rps: number, options?: { timeUnit?: number; uniformDistribution?: boolean }): Limiter;
  export default Sema;
}

declare module "await-semaphore" {
  interface Releaser { (): void }
  class Semaphore {
    constructor(count: number);
    count: number;
    acquire(): Promise<Releaser>;
    use<T>(f: () => Promise<T>): Promise<T>;
  }
  class Mutex {
    constructor();
    count: number;
    acquire(): Promise<Releaser>;
    use<T>(f: () => Promise<T>): Promise<T>;
  }
}

declare module "async-lock" {
  class AsyncLock {
    constructor(options?: AsyncLock.AsyncLockOptions);
    acquire<T>(
      key: string | string[],
      fn: (() => T | PromiseLike<T>) | ((done: AsyncLock.AsyncLockDoneCallback<T>) => any),
      opts?: AsyncLock.AsyncLockOptions,
    ): Promise<T>;
    acquire<T>(
      key: string | string[],
      fn: (done: AsyncLock.AsyncLockDoneCallback<T>) => any,
      cb: AsyncLock.AsyncLockDoneCallback<T>,
      opts?: AsyncLock.AsyncLockOptions,
    ): void;
    isBusy(key?: string): boolean;
  }
  namespace AsyncLock {
    export type AsyncLockDoneCallback<T> = (err?: Error | null, ret?: T) => void;
    export interface AsyncLockOptions {
      timeout?: number;
      maxPending?: number;
      maxOccupationTime?: number;
      maxExecutionTime?: number;
      domainReentrant?: boolean;
      skipQueue?: boolean;
      Promise?: unknown;
    }
    export { AsyncLock as default };
  }
  export = AsyncLock;
}

declare module "p-limit" {
  function pLimit(concurrency: number | pLimit.Options): pLimit.Limit;
  namespace pLimit {
    export interface Limit {
      readonly activeCount: number;
      readonly pendingCount: number;
      concurrency: number;
      clearQueue(): void;
      map<Input, ReturnType>(
        iterable: Iterable<Input>,
        mapperFunction: (input: Input, index: number) => PromiseLike<ReturnType> | ReturnType,
      ): Promise<ReturnType[]>;
      <Arguments extends unknown[], ReturnType>(
        fn: (...args: Arguments) => PromiseLike<ReturnType> | ReturnType,
        ...args: Arguments
      ): Promise<ReturnType>;
    }
    export type LimitFunction = Limit;
    export interface Options { readonly concurrency: number; readonly rejectOnClear?: boolean }
    export function limitFunction<Arguments extends unknown[], ReturnType>(
      fn: (...args: Arguments) => PromiseLike<ReturnType>,
      options: Options,
    ): ((...args: Arguments) => Promise<ReturnType>) & { clearQueue(): void };
    export { pLimit as default };
  }
  export = pLimit;
}

declare module "@rocicorp/lock" {
  interface Releaser { (): void }
  class Lock {
    lock(): Promise<Releaser>;
    withLock<R>(f: () => R | Promise<R>): Promise<R>;
  }
  class RWLock {
    read(): Promise<Releaser>;
    withRead<R>(f: () => R | Promise<R>): Promise<R>;
    write(): Promise<Releaser>;
    withWrite<R>(f: () => R | Promise<R>): Promise<R>;
  }
}

declare module "await-lock" {
  export class AwaitLock {
    get acquired(): boolean;
    acquireAsync(options?: { timeout?: number }): Promise<void>;
    tryAcquire(): boolean;
    release(): void;
  }
  export default AwaitLock;
}

declare module "semaphore-async-await" {
  class Semaphore {
    constructor(permits: number);
    getPermits(): number;
    wait(): Promise<boolean>;
    acquire(): Promise<boolean>;
    waitFor(milliseconds: number): Promise<boolean>;
    tryAcquire(): boolean;
    drainPermits(): number;
    signal(): void;
    release(): void;
    execute<T>(func: () => T | PromiseLike<T>): Promise<T>;
  }
  export class Lock {
    constructor();
    getPermits(): number;
    wait(): Promise<boolean>;
    acquire(): Promise<boolean>;
    waitFor(milliseconds: number): Promise<boolean>;
    tryAcquire(): boolean;
    drainPermits(): number;
    signal(): void;
    release(): void;
    execute<T>(func: () => T | PromiseLike<T>): Promise<T>;
  }
  export { Semaphore, Semaphore as default };
}
