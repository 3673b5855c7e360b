import ts from "typescript";
import { noPromises, type Promises } from "../annotations/functions.js";
import type { Cfg, CfgNode } from "../ir/cfg.js";
import type { Unit } from "../ir/lower.js";
import type { Place } from "../ir/place.js";
import { emptyObservations, type Observations } from "./observations.js";
import { passedOrders } from "./order.js";
import type { PathContext } from "./path.js";
import { promisedEffects, startOf, unkeptPromises } from "./promises.js";
import { repeatedConditions } from "./repeated-conditions.js";
import { kindAt, type State, stateKey } from "./state.js";
import { step } from "./step.js";
import type { Acquired, Effect, Invoked, Reached, Summary, Taken, WaitGroupUse } from "./summary.js";
import { createVisits } from "./visits.js";

/** Beyond these the function is given up and the rules are silent about its paths. */
const maxStatesPerNode = 128;
const maxSteps = 60_000;
/** A function that gets to more operations than this has callers that need not know of all. */
const maxReached = 128;
const maxAcquired = 64;

export interface Explored {
  readonly observations: Observations;
  readonly summary: Summary;
}

/**
 * Follows every path of a function, keeping the state of its locks apart per path: two paths that
 * come to the same place in the same state go on as one. Loops end because states repeat.
 */
export function explore(
  unit: Unit,
  cfg: Cfg,
  summaryOf: PathContext["summaryOf"],
  promises: Promises = noPromises,
  isSole: PathContext["isSole"] = () => false,
): Explored {
  const observations = emptyObservations();
  const conditions = repeatedConditions(cfg);
  const taken = new Map<string, Taken>();
  const waitGroups = new Map<ts.Node, WaitGroupUse>();
  const invoked = new Map<string, Invoked>();
  const reached = new Map<string, Reached>();
  const acquired = new Map<string, Acquired>();
  const exits: State[] = [];
  let throws = false;

  const context: PathContext = {
    unit,
    observations,
    summaryOf,
    isOutside: (place) => isVisibleOutside(place, unit),
    isSole,
    isPromised: (place) => promises.acquires.some((lock) => lock.place.key === place.key),
    addTaken: (lock) => {
      const when = lock.requires.map((each) => `${each.index}${each.property ?? ""}${each.value}`);
      taken.set(`${lock.place.key}:${lock.mode}:${when}`, lock);
    },
    addInvoked: (each) => {
      const held = each.held.map((hold) => hold.place.key + hold.mode);
      invoked.set(`${each.parameter}:${each.waited}:${held}`, each);
    },
    addReached: (each) => {
      const key = `${each.event}:${each.place?.key ?? ""}:${each.call.pos}:${each.call.getSourceFile().fileName}`;
      if (reached.size < maxReached || reached.has(key)) reached.set(key, reached.get(key) ?? each);
    },
    addAcquired: (each) => {
      const key = `${each.place.key}:${each.mode}:${each.released.map((place) => place.key)}`;
      if (acquired.size < maxAcquired && !acquired.has(key)) acquired.set(key, each);
    },
    addWaitGroupUse: (use) => waitGroups.set(use.call, use),
    remembers: (condition) => conditions.has(condition.key) || condition.parameter !== undefined,
    isAsked: (key) => conditions.has(key),
    exit: (state, how) => {
      if (how === "throw") throws = true;
      else exits.push(state);
    },
  };

  const visits = createVisits(stateKey);
  const nodes: CfgNode[] = [cfg.entry];
  const states: State[] = [startOf(unit, promises)];
  const go = (next: CfgNode | undefined, after: State): void => {
    if (next === undefined) return;
    nodes.push(next);
    states.push(after);
  };
  let steps = 0;
  for (;;) {
    const [node, state] = [nodes.pop(), states.pop()];
    if (node === undefined || state === undefined) break;
    const count = visits.enter(node, state);
    if (count === 0) continue;
    steps += 1;
    if (count > maxStatesPerNode || steps > maxSteps) {
      observations.abandoned = true;
      break;
    }
    step(node, state, context, go);
  }

  for (const body of cfg.inlined) observations.inlined.add(body);
  observations.unkept.push(...unkeptPromises(exits, promises));
  return {
    observations,
    summary: {
      taken: [...taken.values()],
      effects: observations.abandoned ? [] : promisedEffects(effectsOf(exits, unit), promises, exits),
      waitGroups: [...waitGroups.values()],
      invoked: [...invoked.values()],
      reached: [...reached.values()],
      acquires: [...acquired.values()],
      orders: passedOrders(observations.orders.values(), unit),
      mayThrow: throws || observations.abandoned,
      returns: exits.length > 0 || observations.abandoned,
      answers: observations.abandoned ? undefined : answersOf(exits, unit),
      opaque: observations.abandoned,
    },
  };
}

/** Places that mean something to a caller: not the function's own variables. */
function isVisibleOutside(place: Place, unit: Unit): boolean {
  const isOwn = (name: ts.Node) => isInside(name, unit) && !(ts.isParameter(name) && name.parent === unit);
  if (place.namedBy.some(isOwn)) return false;
  if (place.parameter !== undefined && place.home?.parent === unit) return true;
  if (place.home === undefined) return true;
  return !isInside(place.home, unit);
}

function isInside(node: ts.Node, unit: Unit): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (at === unit) return true;
  return false;
}

/** The same by the function's answer, where every way out has one and they leave different things behind. */
function answersOf(exits: readonly State[], unit: Unit): Summary["answers"] {
  const [yes, no] = [true, false].map((value) => exits.filter(({ left }) => left?.value === value));
  if (yes === undefined || no === undefined || yes.length === 0 || no.length === 0) return undefined;
  if (yes.length + no.length < exits.length) return undefined;
  const [whenTrue, whenFalse] = [effectsOf(yes, unit), effectsOf(no, unit)];
  return whenTrue.length > 0 || whenFalse.length > 0 ? { whenTrue, whenFalse } : undefined;
}

/** What all normal ways out agree on; where they differ the caller knows nothing. */
function effectsOf(exits: readonly State[], unit: Unit): Effect[] {
  const effects = new Map<string, Effect>();
  const places = new Map(
    exits.flatMap((state) => [...state.locks.values()]).map((lock) => [lock.place.key, lock.place]),
  );
  for (const place of places.values()) {
    if (!isVisibleOutside(place, unit)) continue;
    const kinds = new Set(exits.map((state) => kindAt(state, place.key)));
    const [only] = kinds;
    if (kinds.size === 1 && only === "none") continue;
    const net = kinds.size === 1 && only !== undefined && only !== "none" ? only : "unknown";
    const held = exits
      .map((state) => state.locks.get(place.key)?.holds.at(-1))
      .find((found) => found !== undefined);
    effects.set(place.key, { place, mode: held?.mode ?? "write", net, amount: held?.amount });
  }
  return [...effects.values()];
}
