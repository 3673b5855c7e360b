import ts from "typescript";
import type { CallOp } from "../ir/cfg.js";
import { isWithin, type Place, rebase, thisPlace } from "../ir/place.js";
import type { Effect, Summary } from "./summary.js";

/** What can be said of a call that runs one of several bodies: what all of them do. */
export function agreed(summaries: readonly Summary[]): Summary {
  const [first, ...others] = summaries;
  if (first === undefined || others.length === 0) return first ?? { ...nothingCertain, opaque: true };
  const common = <T>(items: readonly T[], of: (summary: Summary) => readonly T[], key: (item: T) => string) =>
    items.filter((item) => others.every((other) => of(other).some((each) => key(each) === key(item))));
  return {
    ...first,
    taken: common(
      first.taken,
      (s) => s.taken,
      (each) => `${each.place.key} ${each.mode}`,
    ),
    acquires: common(
      first.acquires,
      (s) => s.acquires,
      (each) => `${each.place.key} ${each.mode}`,
    ),
    waitGroups: common(
      first.waitGroups,
      (s) => s.waitGroups,
      (each) => `${each.what} ${each.place.key}`,
    ),
    invoked: common(
      first.invoked,
      (s) => s.invoked,
      (each) => `${each.parameter} ${each.waited}`,
    ),
    reached: common(
      first.reached,
      (s) => s.reached,
      (each) => `${each.event} ${each.place?.key}`,
    ),
    orders: [],
    answers: undefined,
    effects: agreedEffects(summaries),
    mayThrow: summaries.some((each) => each.mayThrow),
    returns: summaries.some((each) => each.returns),
    opaque: summaries.some((each) => each.opaque),
  };
}

const nothingCertain: Summary = {
  taken: [],
  effects: [],
  waitGroups: [],
  invoked: [],
  reached: [],
  acquires: [],
  orders: [],
  mayThrow: true,
  returns: true,
  opaque: false,
};

function agreedEffects(summaries: readonly Summary[]): Effect[] {
  const all = new Map(summaries.flatMap((each) => each.effects).map((effect) => [effect.place.key, effect]));
  return [...all.values()].map((effect) => {
    const same = summaries.every((each) =>
      each.effects.some((other) => other.place.key === effect.place.key && other.net === effect.net),
    );
    return same ? effect : { ...effect, net: "unknown" };
  });
}

/**
 * A place of a function that was handed to the object that calls it. Its `this` and its variables are those
 * of where it was made; what it calls the object itself by, is the object.
 */
export function handedPlace(place: Place, op: CallOp): Place | undefined {
  const owner = op.handed?.owner;
  if (
    owner !== undefined &&
    owner.path.length + (owner.root === 0 ? 0 : 1) > 0 &&
    isWithin(place.key, owner.key)
  ) {
    const path = place.path.slice(owner.path.length);
    const own = { ...place, root: thisPlace.root, home: undefined, parameter: undefined, path };
    return op.receiver && rebase({ ...own, key: [own.root, ...path].join(".") }, op.receiver);
  }
  return isOfFile(place) ? place : undefined;
}

function isOfFile({ home }: Place): boolean {
  if (home === undefined) return false;
  for (let at: ts.Node | undefined = home.parent; at !== undefined; at = at.parent)
    if (ts.isFunctionLike(at) || ts.isClassLike(at)) return false;
  return true;
}
