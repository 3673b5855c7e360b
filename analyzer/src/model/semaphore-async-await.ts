import type { ClassModel, LibraryModel, LockMode, PrimitiveKind } from "./model.js";
import { acquire, attempt, inspect, release, section } from "./operations.js";

const lock = (kind: PrimitiveKind, mode: LockMode): ClassModel => ({
  kind,
  noCopy: true,
  methods: {
    acquire: acquire(mode),
    wait: acquire(mode),
    // Resolves to false when the time is over: what is known of the lock ends there.
    waitFor: inspect,
    tryAcquire: attempt(mode),
    release: release(mode),
    signal: release(mode),
    execute: section(mode),
    drainPermits: inspect,
    getPermits: inspect,
  },
});

const members = `getPermits(): number;
    wait(): Promise<boolean>;
    acquire(): Promise<boolean>;
    waitFor(milliseconds: number): Promise<boolean>;
    tryAcquire(): boolean;
    drainPermits(): number;
    signal(): void;
    release(): void;
    execute<T>(func: () => T | PromiseLike<T>): Promise<T>;`;

/** `semaphore-async-await`: `Lock` is a semaphore of one. */
export const semaphoreAsyncAwait: LibraryModel = {
  name: "semaphore-async-await",
  modules: {
    "semaphore-async-await": {
      classes: { Semaphore: lock("semaphore", "permit"), Lock: lock("mutex", "write") },
      functions: {},
    },
  },
  declarations: `declare module "semaphore-async-await" {
  class Semaphore {
    constructor(permits: number);
    ${members}
  }
  export class Lock {
    constructor();
    ${members}
  }
  export { Semaphore, Semaphore as default };
}
`,
};
