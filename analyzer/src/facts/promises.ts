import type ts from "typescript";
import type { NamedLock, Promises } from "../annotations/functions.js";
import type { Unit } from "../ir/lower.js";
import { kindAt, type State, setLock, start } from "./state.js";
import type { Effect } from "./summary.js";

/** A promise that no way out of the function keeps. */
export interface Unkept {
  readonly kind: "acquires" | "releases";
  readonly lock: NamedLock;
}

/** `@requires` and `@releases`: the caller holds the lock when the function begins. */
export function startOf(unit: Unit, { requires, releases }: Promises): State {
  return [...requires, ...releases].reduce((state, { place, mode }) => {
    // Nobody here took it: the place of that is the function itself. It is not this function's to leak.
    const site = unit as ts.Node as ts.CallExpression;
    const holds = [{ place, mode, site, escaped: true }];
    return setLock(state, { status: "held", holds, net: 0, freedBy: undefined, freedOn: undefined, place });
  }, start);
}

/**
 * What the comment says goes before what the paths leave open. Where some ways out do it and some do not
 * (`@acquires mu` if it answers true), the caller has to look at the answer.
 */
export function promisedEffects(
  effects: readonly Effect[],
  { acquires, releases }: Promises,
  exits: readonly State[] = [],
): Effect[] {
  const isDivided = (place: Effect["place"]) => exits.some((state) => kindAt(state, place.key) === "none");
  const promised = [
    ...acquires.map(({ place, mode }): Effect => ({ place, mode, net: "acquired" })),
    ...releases.map(({ place, mode }): Effect => ({ place, mode, net: "released" })),
  ];
  const found = (place: Effect["place"]) => effects.find((effect) => effect.place.key === place.key);
  const kept = promised.map((effect) => {
    const own = found(effect.place);
    return own?.net === "unknown" && isDivided(effect.place)
      ? own
      : { ...effect, mode: own?.mode ?? effect.mode };
  });
  return [
    ...effects.filter(({ place }) => !promised.some((effect) => effect.place.key === place.key)),
    ...kept,
  ];
}

export function unkeptPromises(exits: readonly State[], { acquires, releases }: Promises): Unkept[] {
  const isUnkept = ({ place }: NamedLock) =>
    exits.length > 0 && exits.every((state) => kindAt(state, place.key) === "none");
  return [
    ...acquires.filter(isUnkept).map((lock): Unkept => ({ kind: "acquires", lock })),
    ...releases.filter(isUnkept).map((lock): Unkept => ({ kind: "releases", lock })),
  ];
}
