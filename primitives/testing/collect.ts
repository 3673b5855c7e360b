import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { settled } from "./turn.js";

let gc: (() => void) | undefined;

/** Collects all garbage there is, and lets those be told who asked to be. */
export async function collectGarbage(): Promise<void> {
  if (gc === undefined) {
    setFlagsFromString("--expose-gc");
    gc = runInNewContext("gc") as () => void;
  }
  // What a WeakRef was asked for stays until the end of the current job.
  await settled();
  gc();
  await settled();
  await settled();
}
