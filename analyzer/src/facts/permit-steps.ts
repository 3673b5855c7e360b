import type ts from "typescript";
import type { Amount } from "../ir/cfg.js";
import type { Place } from "../ir/place.js";
import { noteRelease, type PathContext } from "./path.js";
import { popHold, type State, setLock, unknownLock } from "./state.js";

/** Permits of a held semaphore are given back: as many as one call took, or some of what several took. */
export function releasePermits(
  place: Place,
  amount: Amount,
  node: ts.Node,
  state: State,
  context: PathContext,
): State {
  const { observations } = context;
  const holds = state.locks.get(place.key)?.holds ?? [];
  const same = holds.findLast((hold) => (hold.amount ?? 1) === amount);
  if (same !== undefined) {
    observations.goodReleases.add(node);
    noteRelease(same, node, observations);
    return popHold(state, place, same.mode, node, same.site);
  }
  const sizes = holds.map((hold) => hold.amount ?? 1);
  if (typeof amount === "string" || sizes.some((size) => typeof size === "string"))
    return setLock(state, unknownLock(place));
  let left = amount;
  let after = state;
  for (const hold of [...holds].reverse()) {
    const size = Number(hold.amount ?? 1);
    if (left === 0) break;
    noteRelease(hold, node, observations);
    if (size <= left) after = popHold(after, place, hold.mode, node, hold.site);
    else after = shrink(after, place, hold.site, size - left);
    left -= Math.min(size, left);
  }
  if (left === 0) observations.goodReleases.add(node);
  else
    observations.badReleases.push({
      node,
      place,
      mode: "permit",
      earlier: undefined,
      surplus: true,
      always: false,
    });
  return after;
}

function shrink(state: State, place: Place, site: ts.CallExpression, amount: number): State {
  const lock = state.locks.get(place.key);
  if (lock === undefined) return state;
  const holds = lock.holds.map((hold) => (hold.site === site ? { ...hold, amount } : hold));
  return setLock(state, { ...lock, holds });
}
