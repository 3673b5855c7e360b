import type { LibraryModel } from "./model.js";
import { harmless, section } from "./operations.js";

/** `p-limit`: the limiter is a function; what it is given runs with one of its permits. */
export const pLimit: LibraryModel = {
  name: "p-limit",
  modules: {
    "p-limit": {
      classes: {
        Limit: {
          kind: "semaphore",
          title: "limiter",
          noCopy: true,
          methods: { clearQueue: harmless() },
          call: section("permit"),
        },
      },
      functions: { pLimit: harmless(), limitFunction: harmless() },
    },
  },
  // Under version 3 and before it is what require() gives, from version 4 on an ES module's default.
  declarations: `declare module "p-limit" {
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
`,
};
