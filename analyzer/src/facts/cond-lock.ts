import ts from "typescript";
import { type Place, placeOf, thisRoot } from "../ir/place.js";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { Hold } from "./state.js";
import { usesOf } from "./uses.js";

/** The lock of a condition: what has to be held around its `wait`. */
export interface CondLock {
  /** What it is called in the function that waits: more than one name is possible. */
  readonly keys: readonly string[];
  /** The declaration of the lock, the same for all instances. */
  readonly field: number | undefined;
  readonly text: string;
}

/** Undefined where nobody can say which lock the condition was made with. */
export function condLock(cond: Place, snapshot: Snapshot): CondLock | undefined {
  const { constructions } = usesOf(cond.field, snapshot);
  const [made, ...others] = constructions;
  if (made === undefined || others.length > 0 || !ts.isNewExpression(made)) return undefined;
  const argument = made.arguments?.[0];
  if (argument === undefined) return undefined;
  const own = `${cond.key}.l`;
  if (ts.isNewExpression(bare(argument))) return { keys: [own], field: undefined, text: `${cond.text}.l` };
  const lock = placeOf(argument, snapshot);
  if (lock === undefined || lock.parameter !== undefined) return undefined;
  const field = lock.field?.id;
  if (lock.root !== thisRoot) return { keys: [own, lock.key], field, text: lock.text };
  const base = [cond.root, ...cond.path.slice(0, -1)];
  return { keys: [own, [...base, ...lock.path].join(".")], field, text: lock.text };
}

export function isHeldFor(holds: readonly Hold[], lock: CondLock | undefined): boolean {
  if (lock === undefined) return holds.length > 0;
  return holds.some(
    ({ place }) =>
      lock.keys.includes(place.key) || (lock.field !== undefined && place.field?.id === lock.field),
  );
}
