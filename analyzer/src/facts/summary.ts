import type { ts } from "ts-morph";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";

/** A lock that a function takes while it is still as the caller left it. */
export interface Taken {
  readonly place: Place;
  readonly mode: LockMode;
  readonly site: ts.CallExpression;
  /** The calls that lead to `site`, outermost first. */
  readonly chain: readonly ts.CallExpression[];
  /** By parameter: what its argument must be for the lock to be taken. */
  readonly requires: ReadonlyMap<number, boolean>;
}

/** What a call leaves behind: a lock taken and kept, or released for the caller. */
export interface Effect {
  readonly place: Place;
  readonly mode: LockMode;
  readonly net: "acquired" | "released" | "unknown";
}

export interface WaitGroupUse {
  readonly what: "add" | "done" | "wait";
  readonly place: Place;
  readonly call: ts.CallExpression;
}

/** What callers need to know of a function. Places are in its own terms: `this`, parameters, outer variables. */
export interface Summary {
  readonly taken: readonly Taken[];
  readonly effects: readonly Effect[];
  readonly waitGroups: readonly WaitGroupUse[];
  readonly mayThrow: boolean;
  readonly returns: boolean;
  /** Not followed: it may do anything. */
  readonly opaque: boolean;
}

export const nothing: Summary = {
  taken: [],
  effects: [],
  waitGroups: [],
  mayThrow: false,
  returns: true,
  opaque: false,
};
export const anything: Summary = { ...nothing, mayThrow: true, opaque: true };

/** Whether two summaries say the same to callers: the fixpoint of recursive functions ends there. */
export function sameSummary(one: Summary, other: Summary): boolean {
  const text = (summary: Summary) =>
    JSON.stringify([
      summary.taken.map((taken) => [taken.place.key, taken.mode, [...taken.requires]]),
      summary.effects.map((effect) => [effect.place.key, effect.mode, effect.net]),
      summary.waitGroups.map((use) => [use.what, use.place.key]),
      summary.mayThrow,
      summary.returns,
    ]);
  return text(one) === text(other);
}
