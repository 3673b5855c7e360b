import { Value } from "@lockscope/sync/atomic";
import type { Cases } from "./case.js";
import { channels } from "./channels.js";
import { groups } from "./groups.js";
import { locks } from "./locks.js";

/** Everything that needs one thread and no shared memory. */
export function tasks(carried: boolean): Cases {
  return {
    ...locks(carried),
    ...channels,
    ...groups,
    "atomic: any value": {
      run() {
        const value = new Value<string>("a");
        return [
          value.swap("b"),
          value.compareAndSwap("a", "c"),
          value.compareAndSwap("b", "c"),
          value.load(),
        ];
      },
      expected: ["a", false, true, "c"],
    },
  };
}
