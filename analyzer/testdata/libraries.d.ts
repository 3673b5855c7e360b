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
