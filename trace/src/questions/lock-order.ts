import type { LockState } from "../state.js";
import type { TraceStore } from "../store.js";
import type { Inversion } from "../watch/inversions.js";
import type { OrderEdge } from "../watch/order-graph.js";
import { OrderWatch } from "../watch/order-watch.js";
import { Replay } from "./replay.js";

/** Which locks were taken, or asked for, while others were held. */
export interface LockOrder {
  /** Those with an edge. */
  readonly locks: readonly LockState[];
  readonly edges: readonly OrderEdge[];
  readonly inversions: readonly Inversion[];
  /** There were more edges, or more circles, than are kept. */
  readonly truncated: boolean;
}

/**
 * The lock order of a whole trace. O(rows), as all are gone through; a watch that has followed the trace from its
 * beginning has it at hand: `lockOrderOf(watch.orders)`.
 */
export function lockOrder(store: TraceStore): LockOrder {
  const orders = new OrderWatch(store.live);
  new Replay(store, Number.NEGATIVE_INFINITY, orders).advance(Number.POSITIVE_INFINITY);
  return lockOrderOf(orders);
}

/** As it is by now. O(edges) */
export function lockOrderOf({ edges, inversions, truncated }: OrderWatch): LockOrder {
  const locks = [...new Set(edges.flatMap(({ first, second }) => [first, second]))];
  return { locks, edges: [...edges], inversions: [...inversions], truncated };
}

/** The circles in it in which nothing keeps the tasks apart; see {@link Inversion}. */
export const inversions = (order: LockOrder): readonly Inversion[] => order.inversions;
