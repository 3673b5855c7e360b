import type { ClassModel, LibraryModel } from "./model.js";
import {
  blocks,
  counted,
  guardedBy,
  guardRelease,
  harmless,
  inspect,
  release,
  section,
  wrap,
} from "./operations.js";

const mutex: ClassModel = {
  kind: "mutex",
  noCopy: true,
  methods: {
    acquire: guardedBy("write"),
    release: release("write"),
    runExclusive: section("write"),
    waitForUnlock: blocks(),
    isLocked: inspect,
    cancel: harmless(),
  },
};

/** What `withTimeout` and `tryAcquire` give back, or one of the plain classes: waiting may end with E_TIMEOUT. */
const mutexInterface: ClassModel = {
  ...mutex,
  title: "Mutex",
  methods: { ...mutex.methods, acquire: guardedBy("write", { rejects: true }) },
};

const semaphore: ClassModel = {
  kind: "semaphore",
  noCopy: true,
  methods: {
    acquire: guardedBy("permit", { element: 1, amount: 0 }),
    release: counted(release("permit"), 0),
    runExclusive: counted(section("permit"), 1),
    waitForUnlock: blocks(),
    isLocked: inspect,
    getValue: inspect,
    setValue: inspect,
    cancel: harmless(),
  },
};

const semaphoreInterface: ClassModel = {
  ...semaphore,
  title: "Semaphore",
  methods: { ...semaphore.methods, acquire: guardedBy("permit", { element: 1, rejects: true, amount: 0 }) },
};

/** `async-mutex`. A releaser may be called twice; `release()` gives back whoever's turn it is. */
export const asyncMutex: LibraryModel = {
  name: "async-mutex",
  modules: {
    "async-mutex": {
      classes: {
        Mutex: mutex,
        MutexInterface: mutexInterface,
        Semaphore: semaphore,
        SemaphoreInterface: semaphoreInterface,
        Releaser: { kind: "guard", noCopy: false, methods: {}, call: guardRelease },
      },
      functions: { withTimeout: wrap(false), tryAcquire: wrap(true) },
    },
  },
  declarations: `declare module "async-mutex" {
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
`,
};
