import type ts from "typescript";
import type { State, Step } from "./heap.js";
import { scheduleOf } from "./stuck.js";
import { Ref, type Value } from "./values.js";

/** The rules that speak of an operation that a primitive refuses. */
export type MisuseRule = "close-of-closed" | "send-on-closed" | "waitgroup-negative" | "unlock-of-unlocked";

/** An operation that throws, under some schedule, and nobody catches it. */
export interface Misuse {
  readonly rule: MisuseRule;
  readonly node: ts.Node;
  /** Go's text. */
  readonly error: string;
  readonly schedule: readonly Step[];
  /** The function from which it was reached. */
  readonly entry: ts.Node;
}

const rules: ReadonlyMap<Value, MisuseRule> = new Map<Value, MisuseRule>([
  ["close of closed channel", "close-of-closed"],
  ["send on closed channel", "send-on-closed"],
  ["sync: negative WaitGroup counter", "waitgroup-negative"],
  ["sync: unlock of unlocked mutex", "unlock-of-unlocked"],
  ["sync: Unlock of unlocked RWMutex", "unlock-of-unlocked"],
  ["sync: RUnlock of unlocked RWMutex", "unlock-of-unlocked"],
]);

/** Undefined for what the program throws itself, and where the schedule rests on a guess about what is unknown. */
export function misuseOf(state: State, error: Value, entry: ts.Node): Misuse | undefined {
  if (state.assumed.size > 0 || !(error instanceof Ref)) return undefined;
  const { site, props } = state.get(error);
  if (props?.get("name") !== "SyncError") return undefined;
  const message = props.get("message");
  const rule = rules.get(message);
  if (rule === undefined || site === undefined || typeof message !== "string") return undefined;
  return { rule, node: site, error: message, schedule: scheduleOf(state.trace), entry };
}
