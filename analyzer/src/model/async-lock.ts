import type { LibraryModel } from "./model.js";
import { inspect, sectionAt } from "./operations.js";

/** `async-lock`: one object, a lock for each key. */
export const asyncLock: LibraryModel = {
  name: "async-lock",
  modules: {
    "async-lock": {
      classes: {
        AsyncLock: {
          kind: "mutex",
          noCopy: true,
          reentrantBy: "domainReentrant",
          methods: { acquire: sectionAt(1, "write", { key: 0, calledBack: true }), isBusy: inspect },
        },
      },
      functions: {},
    },
  },
  declarations: `declare module "async-lock" {
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
`,
};
