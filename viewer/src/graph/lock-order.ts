/** The order in which locks are taken, drawn in layers; what was taken in opposite orders is marked. */
import type { LockOrder, LockState, OrderEdge } from "@lockscope/trace";
import type { Drawing } from "./drawing.js";
import { layeredDrawing } from "./layers.js";

export interface OrderPicture {
  readonly drawing: Drawing;
  readonly locks: ReadonlyMap<string, LockState>;
  readonly edges: ReadonlyMap<string, OrderEdge>;
  /** Edges that are not drawn. */
  readonly omitted: number;
}

/** More arrows than this nobody follows. */
const MAX_EDGES = 120;

/** The edges of inversions first, then those that were taken most often. */
export function orderPicture(order: LockOrder, wanted: ReadonlySet<number>): OrderPicture {
  const inverted = new Set(order.inversions.flatMap(({ steps }) => steps.map(({ edge }) => edge)));
  const edges = order.edges
    .filter(({ first, second }) => wanted.has(first.id) || wanted.has(second.id))
    .sort((a, b) => Number(inverted.has(b)) - Number(inverted.has(a)) || b.count - a.count);
  const shown = edges.slice(0, MAX_EDGES);
  const locks = new Map(
    shown.flatMap(({ first, second }) => [first, second]).map((lock) => [lockKey(lock), lock]),
  );
  const marked = new Set(
    shown.filter((edge) => inverted.has(edge)).flatMap(({ first, second }) => [first, second]),
  );
  const drawing = layeredDrawing(
    [...locks].map(([key, lock]) => ({ key, name: lock.name, marked: marked.has(lock) })),
    shown.map((edge) => ({
      key: edgeKey(edge),
      from: lockKey(edge.first),
      to: lockKey(edge.second),
      label: edge.count > 1 ? `${edge.count}×` : "",
      marked: inverted.has(edge),
    })),
  );
  return {
    drawing,
    locks,
    edges: new Map(shown.map((edge) => [edgeKey(edge), edge])),
    omitted: edges.length - shown.length,
  };
}

const lockKey = ({ id }: LockState) => `lock ${id}`;

const edgeKey = ({ first, second }: OrderEdge) => `${first.id} ${second.id}`;
