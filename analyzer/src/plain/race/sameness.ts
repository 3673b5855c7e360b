import type { Binding } from "../scopes.js";
import type { Ledger } from "./ledger.js";
import { epochOf, type State } from "./state.js";
import type { Decision, Taint, Value } from "./values.js";

const most = 8;

/** Few enough paths to go on with: the same twice is one, and beyond a bound the rest is let go. */
export function few(states: readonly State[]): State[] {
  if (states.length < 2) return [...states];
  const kept: State[] = [];
  for (const state of states) {
    if (kept.some((other) => areAlike(other, state))) continue;
    kept.push(state);
    if (kept.length === most) break;
  }
  return kept;
}

/** Whether nothing that is asked of a path later tells the two apart. */
function areAlike(one: State, other: State): boolean {
  return (
    epochOf(one) === epochOf(other) &&
    one.awaits?.node.pos === other.awaits?.node.pos &&
    one.checked === other.checked &&
    areEqual(one.sections, other.sections, (a, b) => a.node.pos === b.node.pos && a.from === b.from) &&
    areEqual(one.pending, other.pending, (a, b) => a.node.pos === b.node.pos) &&
    decideAlike(one.decisions, other.decisions) &&
    (one.writes.isCopyOf(other.writes) || areEqual([...one.writes], [...other.writes], isSamePair)) &&
    (one.reads.isCopyOf(other.reads) || areEqual(latestReads(one), latestReads(other), Object.is)) &&
    (one.env.isCopyOf(other.env) || areEqual(telling(one), telling(other), isSameVariable))
  );
}

function areEqual<T>(one: readonly T[], other: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((each, index) => isSame(each, other[index] as T));
}

function isSamePair([key, at]: [string, number], [otherKey, otherAt]: [string, number]): boolean {
  return key === otherKey && at === otherAt;
}

function decideAlike(one: Ledger<string, Decision>, other: Ledger<string, Decision>): boolean {
  if (one.isCopyOf(other)) return true;
  if (one.size !== other.size) return false;
  for (const [key, { sense, taint }] of one) {
    const known = other.get(key);
    if (known === undefined || known.sense !== sense || known.taint.epoch !== taint.epoch) return false;
  }
  return true;
}

function latestReads(state: State): string[] {
  const epoch = epochOf(state);
  return [...state.reads].flatMap(([key, at]) => (at === epoch ? [key] : []));
}

/** Variables of which more is known than that they are there. */
function telling({ env }: State): [Binding, Value][] {
  const found: [Binding, Value][] = [];
  for (const entry of env) {
    const { truth, taints, decided, origin } = entry[1];
    if (truth !== undefined || taints.length + decided.length > 0 || origin !== "other") found.push(entry);
  }
  return found;
}

function isSameVariable([binding, one]: [Binding, Value], [otherBinding, other]: [Binding, Value]): boolean {
  if (binding !== otherBinding) return false;
  return (
    one === other ||
    (one.truth === other.truth &&
      one.origin === other.origin &&
      one.alias?.key === other.alias?.key &&
      one.decided.length === other.decided.length &&
      areEqual(one.taints, other.taints, isSameTaint))
  );
}

function isSameTaint(one: Taint, other: Taint): boolean {
  return (
    one === other ||
    (one.place.key === other.place.key && one.epoch === other.epoch && one.strength === other.strength)
  );
}
