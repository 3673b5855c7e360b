import type { LibraryModel } from "./model.js";
import { acquire, attempt, blocks, harmless, inspect, release } from "./operations.js";

/** `async-sema`: a token is acquired, and any token may be released. */
export const asyncSema: LibraryModel = {
  name: "async-sema",
  modules: {
    "async-sema": {
      classes: {
        Sema: {
          kind: "semaphore",
          noCopy: true,
          methods: {
            acquire: acquire("permit"),
            tryAcquire: attempt("permit"),
            release: release("permit"),
            // Takes every token; whether they are given back one by one is not followed.
            drain: inspect,
            nrWaiting: harmless(),
            // Names of version 1.
            v: acquire("permit"),
            p: release("permit"),
          },
        },
        Limiter: { kind: "queue", noCopy: false, methods: {}, call: blocks() },
      },
      functions: { RateLimit: harmless() },
    },
  },
  declarations: `declare module "async-sema" {
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
`,
};
