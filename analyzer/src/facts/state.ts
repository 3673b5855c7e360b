import type ts from "typescript";
import type { Amount, ParameterPath } from "../ir/cfg.js";
import { isWithin, type Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import { nodeNumber } from "../project/identities.js";

/** A lock as one path holds it. */
export interface Hold {
  readonly place: Place;
  readonly mode: LockMode;
  /** The call that took it: the lock call itself, or the call of a function that took it. */
  readonly site: ts.CallExpression;
  /** Somebody else has what it takes to release it: a guard that was passed on. */
  readonly escaped: boolean;
  /** How many permits it is; one, where it does not say. */
  readonly amount?: Amount | undefined;
}

export interface LockState {
  readonly status: "free" | "held" | "unknown";
  readonly holds: readonly Hold[];
  /** What the function has added to what it found: +1 taken and kept, -1 released for somebody else. */
  readonly net: number;
  /** The release that made it free; undefined when it was made here and never taken. */
  readonly freedBy: ts.Node | undefined;
  /** The branches taken when it became free: none since then, and what follows follows surely. */
  readonly freedOn: Trail | undefined;
  readonly place: Place;
}

export interface Fact {
  readonly value: boolean;
  readonly reads: readonly number[];
  readonly volatile: boolean;
  /** The parameter that the fact is about. */
  readonly parameter: ParameterPath | undefined;
}

/** A wait of a WaitGroup that is under way beside this path. */
export interface PendingWait {
  readonly node: ts.Node;
  /** The waiter has begun: since it was started this path has been suspended. */
  readonly begun: boolean;
  /** The path had added to the group before the wait began. */
  readonly counted: boolean;
}

/** How a path came here: the branches it took, latest first. */
export interface Trail {
  readonly node: ts.Node;
  readonly outcome: boolean;
  readonly previous: Trail | undefined;
}

/** What is known at one point of one path. Never changed: every step makes a new one. */
export interface State {
  readonly locks: ReadonlyMap<string, LockState>;
  readonly facts: ReadonlyMap<string, Fact>;
  /** The lock behind the guard in a variable. */
  readonly guards: ReadonlyMap<number, Hold>;
  readonly waits: ReadonlyMap<string, PendingWait>;
  /** WaitGroups that were added to on this path. */
  readonly added: ReadonlySet<string>;
  /** Adds made by tasks started on this path that nothing here counted. */
  readonly strayAdds: ReadonlyMap<string, readonly ts.CallExpression[]>;
  /** WaitGroups that a task started here counts down though nothing had counted it, and what happened since. */
  readonly uncounted: ReadonlyMap<string, { readonly waited: ts.Node | undefined }>;
  readonly thrown: { readonly node: ts.Node; readonly explicit: boolean } | undefined;
  readonly left:
    | { readonly how: "return" | "fall"; readonly node: ts.Node; readonly value: boolean | undefined }
    | undefined;
  readonly trail: Trail | undefined;
  /** A section that the function does not wait for: what it does, it does at some other time. */
  readonly detached: boolean;
}

export const start: State = {
  locks: new Map(),
  facts: new Map(),
  guards: new Map(),
  waits: new Map(),
  added: new Set(),
  strayAdds: new Map(),
  uncounted: new Map(),
  thrown: undefined,
  left: undefined,
  trail: undefined,
  detached: false,
};

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

export function withoutEntries<K, V>(
  map: ReadonlyMap<K, V>,
  drop: (key: K, value: V) => boolean,
): ReadonlyMap<K, V> {
  let kept: Map<K, V> | undefined;
  for (const [key, value] of map) {
    if (!drop(key, value)) continue;
    kept ??= new Map(map);
    kept.delete(key);
  }
  return kept ?? map;
}

export function setLock(state: State, lock: LockState): State {
  return { ...state, locks: withEntry(state.locks, lock.place.key, lock) };
}

export function pushHold(state: State, hold: Hold): State {
  const before = state.locks.get(hold.place.key);
  const holds = before?.status === "held" ? [...before.holds, hold] : [hold];
  return setLock(state, {
    status: "held",
    holds,
    net: (before?.net ?? 0) + 1,
    freedBy: undefined,
    freedOn: undefined,
    place: hold.place,
  });
}

/** Releases the hold of the site, else the latest of the mode, else of all; a lock not held here becomes free. */
export function popHold(
  state: State,
  place: Place,
  mode: LockMode,
  node: ts.Node,
  site?: ts.CallExpression,
): State {
  const before = state.locks.get(place.key);
  if (before?.status === "unknown") return state;
  const holds = [...(before?.holds ?? [])];
  const own = holds.findLastIndex((hold) => hold.site === site);
  const last = own >= 0 ? own : holds.findLastIndex((hold) => hold.mode === mode);
  holds.splice(last < 0 ? holds.length - 1 : last, 1);
  const net = (before?.net ?? 0) - 1;
  // Others may hold the read side, or another permit, as well: after one release nothing is certain.
  const status = holds.length > 0 ? "held" : before === undefined && mode !== "write" ? "unknown" : "free";
  return setLock(state, { status, holds, net, freedBy: node, freedOn: state.trail, place });
}

export function unknownLock(place: Place): LockState {
  return { status: "unknown", holds: [], net: 0, freedBy: undefined, freedOn: undefined, place };
}

/** The caller's locks that this path has released for the time being. */
export function givenUp(state: State): Place[] {
  return [...state.locks.values()].filter((lock) => lock.net < 0).map((lock) => lock.place);
}

/** Somebody else may take or release it from now on. */
export function letGo(state: State, key: string): State {
  const before = state.locks.get(key);
  if (before === undefined) return state;
  if (before.status === "free" && before.net === 0)
    return { ...state, locks: withoutEntries(state.locks, (other) => other === key) };
  return setLock(state, { ...before, status: "unknown", holds: [] });
}

/** An assignment: what was known of the place, and of what lies below it, is gone. */
export function forgetPlace(state: State, key: string): State {
  const locks = withoutEntries(state.locks, (other) => isWithin(other, key));
  const waits = withoutEntries(state.waits, (other) => isWithin(other, key));
  return locks === state.locks && waits === state.waits ? state : { ...state, locks, waits };
}

export function forgetVariable(state: State, variable: number): State {
  const facts = withoutEntries(state.facts, (_, fact) => fact.reads.includes(variable));
  const guards = withoutEntries(state.guards, (guard) => guard === variable);
  return facts === state.facts && guards === state.guards ? state : { ...state, facts, guards };
}

/** Other code ran: what it may have changed is not known any more. */
export function forgetVolatile(state: State): State {
  const facts = withoutEntries(state.facts, (_, fact) => fact.volatile);
  return facts === state.facts ? state : { ...state, facts };
}

/** Two states with the same key go on alike: one of them is enough. */
export function stateKey(state: State): string {
  const parts: string[] = [];
  for (const [key, lock] of state.locks) {
    const holds = lock.holds
      .map((hold) => `${hold.mode}${nodeNumber(hold.site)}${hold.escaped ? "e" : ""}${hold.amount ?? ""}`)
      .join("+");
    parts.push(`${key}:${lock.status}${lock.net}${holds}`);
  }
  for (const [key, fact] of state.facts) parts.push(`${key}=${fact.value}`);
  for (const [guard, hold] of state.guards) parts.push(`g${guard}:${nodeNumber(hold.site)}`);
  for (const [key, wait] of state.waits) parts.push(`w${key}:${wait.begun}`);
  for (const key of state.added) parts.push(`a${key}`);
  for (const key of state.strayAdds.keys()) parts.push(`s${key}`);
  for (const [key, { waited }] of state.uncounted) parts.push(`u${key}${waited !== undefined}`);
  parts.sort();
  parts.push(
    state.thrown === undefined ? "" : state.thrown.explicit ? "threw" : "thrown",
    `${state.left?.how}${state.left?.value}`,
    state.detached ? "detached" : "",
  );
  return parts.join("|");
}

/** What a path that ends in this state has done to a lock, from the caller's point of view. */
export function kindAt(state: State, key: string): "acquired" | "released" | "unknown" | "none" {
  const lock = state.locks.get(key);
  if (lock === undefined) return "none";
  if (lock.status === "unknown") return "unknown";
  return lock.net > 0 ? "acquired" : lock.net < 0 ? "released" : "none";
}
