import type ts from "typescript";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import type { Entrance, SeenAccess } from "./entrances.js";
import type { Unkept } from "./promises.js";
import type { Hold, Trail } from "./state.js";
import type { Taken } from "./summary.js";

/** A lock taken by the path that holds it already. `through`: inside the function that `call` calls. */
export interface Reacquisition {
  readonly call: ts.CallExpression;
  readonly place: Place;
  readonly mode: LockMode;
  readonly hold: Hold;
  readonly through: Taken | undefined;
}

/** A lock is waited for while another one is held. */
export interface LockOrder {
  readonly held: Hold;
  /** All that is held there, `held` included. */
  readonly holds: readonly Hold[];
  readonly place: Place;
  readonly mode: LockMode;
  readonly site: ts.CallExpression;
  /** The calls between `node` and `site`, outermost first. */
  readonly chain: readonly ts.CallExpression[];
  /** The lock call, or the call that leads to it, in the function that holds the lock. */
  readonly node: ts.CallExpression;
}

/** A release of a lock that is surely not held. `earlier`: the release before; undefined when it was never taken. */
export interface BadRelease {
  readonly node: ts.Node;
  readonly place: Place;
  readonly mode: LockMode;
  readonly earlier: ts.Node | undefined;
  /** More permits than were taken. */
  readonly surplus?: boolean;
  /** Nothing was decided since the earlier release: whoever passes there comes here. */
  readonly always: boolean;
}

export interface MismatchedRelease {
  readonly call: ts.CallExpression;
  readonly place: Place;
  readonly mode: LockMode;
  readonly hold: Hold;
}

/** A path on which a lock stays held. */
export interface Leak {
  readonly hold: Hold;
  /** `again`: the next iteration wants it again. `thrown`: by something that may throw, not by a throw statement. */
  readonly how: "return" | "fall" | "throw" | "thrown" | "again";
  readonly node: ts.Node;
  readonly trail: Trail | undefined;
}

export interface LateAdd {
  readonly add: ts.CallExpression;
  readonly place: Place;
  /** The wait that may be over by then, or the task that waits. */
  readonly wait: ts.Node;
  /** An add of this path came before the wait: it may keep the counter above zero. */
  readonly counted: boolean;
}

export interface AddInTask {
  readonly add: ts.CallExpression;
  readonly place: Place;
  /** Where the task is started. */
  readonly spawn: ts.Node;
}

/** What was seen on the paths of one function: the rules' raw material. */
export interface Observations {
  readonly reacquisitions: Reacquisition[];
  readonly badReleases: BadRelease[];
  readonly mismatches: MismatchedRelease[];
  readonly orders: Map<string, LockOrder>;
  readonly leaks: Leak[];
  readonly lateAdds: LateAdd[];
  readonly addsInTask: AddInTask[];
  /** WaitGroups that the function itself counts down. */
  readonly donesHere: Set<string>;
  /** By the call that took a lock: the releases seen to give it back. */
  readonly releases: Map<ts.CallExpression, Set<ts.Node>>;
  /** Releases of a lock that was held, or may have been, on some path. */
  readonly goodReleases: Set<ts.Node>;
  /** Places released on some path on which they had not been taken. */
  readonly releasedUntaken: Set<string>;
  /**
   * By the node of an operation: what was held there, once for each distinct set. An acquire counts with
   * what is held just before it.
   */
  readonly held: Map<ts.Node, readonly (readonly Hold[])[]>;
  /** Operations at which, on some path, some lock may be held or not: others have it too. */
  readonly unsure: Set<ts.Node>;
  /** Nodes at which the task may be suspended: other tasks run there. */
  readonly suspensions: Set<ts.Node>;
  /** Of the function's annotations, those that it does not keep. */
  readonly unkept: Unkept[];
  /** By what is called, passed on or started: what is held there. */
  readonly entrances: Map<ts.Node, Entrance[]>;
  /** Function literals that run as part of this function. */
  readonly inlined: Set<ts.Node>;
  /** Reads and writes of state that a lock may guard. */
  readonly accesses: Map<ts.Node, SeenAccess>;
  /** The paths got out of hand: nothing above is complete. */
  abandoned: boolean;
}

export function emptyObservations(): Observations {
  return {
    reacquisitions: [],
    badReleases: [],
    mismatches: [],
    orders: new Map(),
    leaks: [],
    lateAdds: [],
    addsInTask: [],
    donesHere: new Set(),
    releases: new Map(),
    goodReleases: new Set(),
    releasedUntaken: new Set(),
    held: new Map(),
    unsure: new Set(),
    suspensions: new Set(),
    unkept: [],
    entrances: new Map(),
    inlined: new Set(),
    accesses: new Map(),
    abandoned: false,
  };
}
