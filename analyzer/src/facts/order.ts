import type ts from "typescript";
import type { Unit } from "../ir/lower.js";
import type { Place } from "../ir/place.js";
import type { LockOrder, Observations } from "./observations.js";
import type { PathContext } from "./path.js";
import { givenUp, type Hold, type State } from "./state.js";
import type { Acquired, Invoked, Summary } from "./summary.js";

/** The function waits for a lock at `node`: behind which others, and what its callers have to know. */
export function noteOrder(
  wanted: Acquired,
  node: ts.CallExpression,
  state: State,
  context: PathContext,
): void {
  const holds = [...state.locks.values()].flatMap((lock) =>
    wanted.released.some((place) => place.key === lock.place.key) ? [] : lock.holds,
  );
  record(wanted, node, holds, context);
  const released = givenUp(state);
  context.addAcquired({
    ...wanted,
    chain: node === wanted.site ? [] : [node, ...wanted.chain],
    released: [...wanted.released, ...released],
  });
}

/**
 * A callback that the function called runs: what it waits for, it waits for behind what is held there. The
 * place of that is where the callee, which holds the lock, calls it.
 */
export function callbackOrder(
  callback: Summary,
  { held, node }: Pick<Invoked, "held" | "node">,
  call: ts.CallExpression,
  state: State,
  context: PathContext,
): void {
  for (const wanted of callback.acquires) {
    record({ ...wanted, chain: wanted.chain }, node, held, context);
    noteOrder(wanted, call, state, context);
  }
}

function record(
  { place, mode, site, chain }: Acquired,
  node: ts.CallExpression,
  holds: readonly Hold[],
  { observations }: PathContext,
): void {
  for (const held of holds) {
    if (held.place.key !== place.key) keep({ held, holds, place, mode, site, chain, node }, observations);
  }
}

function keep(order: LockOrder, { orders }: Observations): void {
  const { held, node, place, mode, holds } = order;
  const key = `${node.pos}:${held.site.pos}:${held.place.key}:${place.key}:${mode}`;
  const known = orders.get(key);
  // Of the ways here, the one that holds least: what only some of them hold protects nothing.
  if (known === undefined || holds.length < known.holds.length) orders.set(key, order);
}

const maxPassed = 16;

/** Orders of locks that came in as arguments: which locks these are the caller knows. */
export function passedOrders(orders: Iterable<LockOrder>, unit: Unit): LockOrder[] {
  const isPassed = ({ parameter, path, home }: Place) =>
    parameter !== undefined && path.length === 0 && home?.parent === unit;
  return [...orders].filter(({ held, place }) => isPassed(held.place) || isPassed(place)).slice(0, maxPassed);
}

/** The same inside a function that is called here, in this function's terms. */
export function noteInnerOrder(
  order: LockOrder,
  bind: (place: Place) => Place | undefined,
  { observations }: PathContext,
): void {
  const [outer, place] = [bind(order.held.place), bind(order.place)];
  if (outer === undefined || place === undefined || outer.key === place.key) return;
  const held = { ...order.held, place: outer };
  const holds = order.holds.flatMap((hold) => {
    const at = bind(hold.place);
    return at === undefined ? [] : [{ ...hold, place: at }];
  });
  keep({ ...order, held, place, holds }, observations);
}

/** A callee's lock in its caller's terms. What the caller cannot name still is a lock of its class. */
export function rebound(wanted: Acquired, bind: (place: Place) => Place | undefined): Acquired {
  const { place } = wanted;
  return {
    ...wanted,
    place: bind(place) ?? { ...place, key: `?${place.key}`, root: -1 },
    released: wanted.released.flatMap((each) => bind(each) ?? []),
  };
}
