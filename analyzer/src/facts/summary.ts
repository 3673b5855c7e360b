import type ts from "typescript";
import type { Amount, ParameterPath, Use } from "../ir/cfg.js";
import type { Place } from "../ir/place.js";
import type { EventKind, LockMode } from "../model/index.js";
import type { LockOrder } from "./observations.js";
import type { Hold } from "./state.js";

/** A lock that a function takes while it is still as the caller left it. */
export interface Taken {
  readonly place: Place;
  readonly mode: LockMode;
  readonly site: ts.CallExpression;
  /** The calls that lead to `site`, outermost first. */
  readonly chain: readonly ts.CallExpression[];
  readonly requires: readonly Requirement[];
}

/** A lock that a function waits for, whatever it did to it before, itself or through what it calls. */
export interface Acquired {
  readonly place: Place;
  readonly mode: LockMode;
  readonly site: ts.CallExpression;
  /** The calls that lead to `site`, outermost first. */
  readonly chain: readonly ts.CallExpression[];
  /** Locks that the function has given up by then: who holds them at the call does not hold them there. */
  readonly released: readonly Place[];
}

/** What an argument must be for the lock to be taken. */
export interface Requirement extends ParameterPath {
  readonly value: boolean;
}

/** A parameter that the function calls, with the locks that it holds meanwhile. */
export interface Invoked {
  readonly parameter: number;
  /** The promise of the callback is waited for. */
  readonly waited: boolean;
  readonly held: readonly Hold[];
  /** Where it is called, or passed on to a function that calls it. */
  readonly node: ts.CallExpression;
}

/** What a call leaves behind: a lock taken and kept, or released for the caller. */
export interface Effect {
  readonly place: Place;
  readonly mode: LockMode;
  readonly net: "acquired" | "released" | "unknown";
  /** Permits that it took. */
  readonly amount?: Amount | undefined;
}

export interface WaitGroupUse {
  readonly what: "add" | "done" | "wait";
  readonly place: Place;
  readonly call: ts.CallExpression;
}

/** An operation other than taking a lock that a function gets to, itself or through what it calls. */
export interface Reached {
  readonly event: EventKind;
  /** Undefined where the caller cannot name it. */
  readonly place: Place | undefined;
  readonly call: ts.Node;
  readonly use: Use;
  /** The calls that lead to it, outermost first. */
  readonly chain: readonly ts.CallExpression[];
  /** Locks, nameable by callers, that are held there by the function and what it calls. */
  readonly held: readonly Hold[];
  /** Locks of the caller's that the function has given up by then. */
  readonly released?: readonly Place[];
}

/** What callers need to know of a function. Places are in its own terms: `this`, parameters, outer variables. */
export interface Summary {
  readonly taken: readonly Taken[];
  readonly effects: readonly Effect[];
  readonly waitGroups: readonly WaitGroupUse[];
  readonly invoked: readonly Invoked[];
  readonly reached: readonly Reached[];
  readonly acquires: readonly Acquired[];
  /** Of the locks that it takes one behind the other, those that its callers pass to it. */
  readonly orders: readonly LockOrder[];
  /** What it leaves behind, where that hangs on whether it answers yes or no. */
  readonly answers?:
    | { readonly whenTrue: readonly Effect[]; readonly whenFalse: readonly Effect[] }
    | undefined;
  readonly mayThrow: boolean;
  readonly returns: boolean;
  /** Not followed: it may do anything. */
  readonly opaque: boolean;
}

export const nothing: Summary = {
  taken: [],
  effects: [],
  waitGroups: [],
  invoked: [],
  reached: [],
  acquires: [],
  orders: [],
  mayThrow: false,
  returns: true,
  opaque: false,
};
export const anything: Summary = { ...nothing, mayThrow: true, opaque: true };

/** Whether two summaries say the same to callers: the fixpoint of recursive functions ends there. */
export function sameSummary(one: Summary, other: Summary): boolean {
  const text = (summary: Summary) =>
    JSON.stringify([
      summary.taken.map((taken) => [
        taken.place.key,
        taken.mode,
        taken.requires.map((each) => [each.index, each.property, each.value]),
      ]),
      summary.effects.map((effect) => [effect.place.key, effect.mode, effect.net]),
      summary.waitGroups.map((use) => [use.what, use.place.key]),
      summary.invoked.map((each) => [each.parameter, each.waited, each.held.map((hold) => hold.place.key)]),
      summary.reached.map((each) => [each.event, each.place?.key, each.call.pos]),
      summary.orders.map((each) => [each.held.place.key, each.place.key]),
      summary.acquires.map((each) => [each.place.key, each.mode, each.released.map((place) => place.key)]),
      summary.mayThrow,
      summary.returns,
    ]);
  return text(one) === text(other);
}
