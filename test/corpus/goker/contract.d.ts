// What the library's contract says of the two primitives that these programs use before it exports them.
import type { Locker, Named, WaitOptions } from "@lockscope/sync";

declare module "@lockscope/sync" {
  export class Cond {
    constructor(l: Locker, options?: Named);
    readonly l: Locker;
    wait(options?: WaitOptions): Promise<void>;
    signal(): void;
    broadcast(): void;
  }

  export class Once {
    constructor(options?: Named);
    do(fn: () => unknown): Promise<void>;
  }
}
