import type ts from "typescript";
import type { Body } from "../parts.js";
import type { Binding } from "../scopes.js";
import { Ledger } from "./ledger.js";
import type { Decision, Place, Value } from "./values.js";

/** A stretch in which the task keeps others out: a lock it holds, or a claim that others see. */
export interface Section {
  readonly node: ts.Node;
  /** Suspensions up to its beginning: what was read since is covered. */
  readonly from: number;
  /** What was written to make the claim; of a lock, the text of what was locked. */
  readonly place: string | undefined;
}

export interface Await {
  readonly node: ts.Node;
  /** How many suspensions there have been, with this one. */
  readonly count: number;
  readonly before: Await | undefined;
  /** Whoever waits there waits for the same promise. */
  readonly shared?: boolean;
}

/** Code that runs when the task is next suspended, or after its end: `x.then(fn)`, a call nobody awaits yet. */
export interface Pending {
  readonly body: Body;
  readonly argument: readonly Value[];
  readonly node: ts.Node;
  /** Whether it begins at once: the beginning of an async function does, a continuation does not. */
  readonly later: boolean;
}

/** One path through a function, up to a point. */
export interface State {
  readonly env: Ledger<Binding, Value>;
  readonly decisions: Ledger<string, Decision>;
  /** By place: the suspensions before the last time it was read, and written, by this path. */
  readonly reads: Ledger<string, number>;
  readonly writes: Ledger<string, number>;
  sections: readonly Section[];
  awaits: Await | undefined;
  pending: readonly Pending[];
  /** Suspensions before the last time that what was known was held against what is there now. */
  checked: number;
  /** How many times the path went on in something that a part of it had started. */
  generation: number;
}

export function emptyState(): State {
  return {
    env: new Ledger(),
    decisions: new Ledger(),
    reads: new Ledger(),
    writes: new Ledger(),
    sections: [],
    awaits: undefined,
    pending: [],
    checked: -1,
    generation: 0,
  };
}

export function fork(state: State): State {
  return {
    ...state,
    env: state.env.copy(),
    decisions: state.decisions.copy(),
    reads: state.reads.copy(),
    writes: state.writes.copy(),
  };
}

export function epochOf(state: State): number {
  return state.awaits?.count ?? 0;
}

/** The first suspension after that many. */
export function awaitAfter(state: State, epoch: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  for (let at = state.awaits; at !== undefined && at.count > epoch; at = at.before) found = at.node;
  return found;
}

/** Since that many suspensions it only waited for promises that others wait for as well. */
export function isShared(state: State, epoch: number): boolean {
  for (let at = state.awaits; at !== undefined && at.count > epoch; at = at.before)
    if (!at.shared) return false;
  return true;
}

export function isPartOf(part: string, whole: string): boolean {
  return part.startsWith(whole) && (part.length === whole.length || /[.[<]/.test(part[whole.length] ?? ""));
}

/** The path read the place, or a part of it, since it was last suspended. */
export function isReadAgain(state: State, place: Place): boolean {
  const epoch = epochOf(state);
  for (const [key, at] of state.reads) if (at === epoch && isPartOf(key, place.key)) return true;
  return false;
}

/** The path itself wrote the place, or what it is part of, after that many suspensions or later. */
export function isOwnWrite(state: State, place: Place, epoch: number): boolean {
  for (const [key, at] of state.writes) if (at >= epoch && isPartOf(place.key, key)) return true;
  return false;
}

/** A variable got a new value: what was known of places by its old one is not known of them now. */
export function rebind(state: State, binding: Binding, value: Value): void {
  state.env.set(binding, value);
  for (const [key, { taint }] of state.decisions)
    if (taint.place.indexes.includes(binding)) state.decisions.delete(key);
  for (const [other, known] of state.env) {
    if (
      known.taints.some((taint) => taint.place.indexes.includes(binding)) ||
      known.alias?.indexes.includes(binding)
    ) {
      state.env.set(other, {
        ...known,
        alias: known.alias?.indexes.includes(binding) ? undefined : known.alias,
        taints: known.taints.filter((taint) => !taint.place.indexes.includes(binding)),
      });
    }
  }
}
