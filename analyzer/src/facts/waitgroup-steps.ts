import { isWaitedFor, type Op } from "../ir/cfg.js";
import type { PathContext } from "./path.js";
import { forgetVolatile, type PendingWait, type State, withEntry, withoutEntries } from "./state.js";

/** The task may be suspended here: what waits beside this path has begun by the time it goes on. */
export function suspend(state: State): State {
  const after = forgetVolatile(state);
  if (![...after.waits.values()].some((wait) => !wait.begun)) return after;
  const waits = new Map(
    [...after.waits].map(([key, wait]): [string, PendingWait] => [key, { ...wait, begun: true }]),
  );
  return { ...after, waits };
}

export function waitGroup(op: Op & { kind: "wg" }, state: State, context: PathContext): State {
  if (state.detached) return state;
  const { place, call, what } = op;
  if (context.isOutside(place)) context.addWaitGroupUse({ what, place, call });
  if (what === "done") {
    context.observations.donesHere.add(place.key);
    return state;
  }
  if (what === "add") {
    const pending = state.waits.get(place.key);
    if (pending?.begun)
      context.observations.lateAdds.push({ add: call, place, wait: pending.node, counted: pending.counted });
    // The task that this was meant for was started before the wait, uncounted.
    const waited = state.uncounted.get(place.key)?.waited;
    if (waited !== undefined)
      context.observations.lateAdds.push({ add: call, place, wait: waited, counted: false });
    return {
      ...state,
      added: new Set(state.added).add(place.key),
      uncounted: withoutEntries(state.uncounted, (key) => key === place.key),
    };
  }
  if (!isWaitedFor(op.use)) {
    return {
      ...state,
      waits: withEntry(state.waits, place.key, {
        node: call,
        begun: true,
        counted: state.added.has(place.key),
      }),
    };
  }
  for (const add of state.strayAdds.get(place.key) ?? [])
    context.observations.lateAdds.push({ add, place, wait: call, counted: false });
  const uncounted = state.uncounted.has(place.key)
    ? withEntry(state.uncounted, place.key, { waited: call })
    : state.uncounted;
  return {
    ...state,
    uncounted,
    waits: withoutEntries(state.waits, (key) => key === place.key),
    added: new Set([...state.added].filter((key) => key !== place.key)),
  };
}
