import type { LibraryModel } from "./model.js";
import { acquire, attempt, release } from "./operations.js";

/** `await-lock`: a plain lock with a non-blocking attempt. */
export const awaitLock: LibraryModel = {
  name: "await-lock",
  modules: {
    "await-lock": {
      classes: {
        AwaitLock: {
          kind: "mutex",
          noCopy: true,
          methods: {
            acquireAsync: acquire("write"),
            tryAcquire: attempt("write"),
            release: release("write"),
          },
        },
      },
      functions: {},
    },
  },
  declarations: `declare module "await-lock" {
  export class AwaitLock {
    get acquired(): boolean;
    acquireAsync(options?: { timeout?: number }): Promise<void>;
    tryAcquire(): boolean;
    release(): void;
  }
  export default AwaitLock;
}
`,
};
