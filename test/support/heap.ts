import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Heap in use when all that can be collected is. */
export function usedAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("no garbage collection to ask for");
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
