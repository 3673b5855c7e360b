import type ts from "typescript";
import type { CfgNode, Condition } from "../ir/cfg.js";
import type { Unit } from "../ir/lower.js";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import type { FunctionWithBody } from "../project/port.js";
import type { Observations } from "./observations.js";
import type { Hold, State } from "./state.js";
import type { Acquired, Invoked, Reached, Requirement, Summary, Taken, WaitGroupUse } from "./summary.js";

/** What following a path needs of the function it is in, and where it writes what it sees. */
export interface PathContext {
  readonly unit: Unit;
  readonly observations: Observations;
  summaryOf(body: FunctionWithBody): Summary;
  isOutside(place: Place): boolean;
  /** Whether the program makes one instance of the class whose field this is. */
  isSole(place: Place): boolean;
  /** The function's comment says that it leaves this lock to its caller. */
  isPromised(place: Place): boolean;
  addTaken(taken: Taken): void;
  addWaitGroupUse(use: WaitGroupUse): void;
  addInvoked(invoked: Invoked): void;
  addReached(reached: Reached): void;
  addAcquired(acquired: Acquired): void;
  /** Whether the answer to a condition can matter later. */
  remembers(condition: Condition): boolean;
  isAsked(key: string): boolean;
  exit(state: State, how: "normal" | "throw"): void;
}

export type Go = (next: CfgNode | undefined, state: State) => void;

/** Whether a lock held in one mode keeps its own holder from taking it in another. */
export function conflicts(held: LockMode, wanted: LockMode): boolean {
  return held === "write" || wanted === "write";
}

/** Which arguments a path depends on: `flush(alreadyLocked)`. */
export function parameterFacts(state: State): readonly Requirement[] {
  return [...state.facts.values()].flatMap(({ parameter, value }) =>
    parameter ? [{ ...parameter, value }] : [],
  );
}

export function noteRelease(hold: Hold, node: ts.Node, observations: Observations): void {
  const known = observations.releases.get(hold.site) ?? new Set();
  observations.releases.set(hold.site, known.add(node));
}
