import { Mode } from "../schema.js";
import type { LockState } from "../state.js";
import type { OrderEdge, OrderWitness } from "./order-graph.js";

/** One step of an inversion: an edge, and the witness for it that fits the others. */
export interface InversionStep {
  readonly edge: OrderEdge;
  readonly witness: OrderWitness;
}

/**
 * Locks that were taken in orders that make a circle: had the tasks been there at the same time, each would wait
 * for the next one's. Whether they ever can be, a trace does not say.
 */
export interface Inversion {
  /** Each edge's `second` is the next one's `first`, the last one's the first one's. */
  readonly steps: readonly InversionStep[];
  /** All by one task, at different times: a danger only if the program runs that code in several tasks. */
  readonly sameTask: boolean;
  /**
   * False where a witness is, or may be, several async calls side by side: what such a task has need not be held
   * by the call that asks for more.
   */
  readonly certain: boolean;
}

/** Longer circles than this are not looked for: hardly anybody would understand one. */
const MAX_LENGTH = 8;

/** The edges that lead away from a lock. */
export type EdgesFrom = (lock: LockState) => Iterable<OrderEdge>;

/**
 * The shortest circle through `start` by way of `witness`, in which nothing keeps the tasks apart: no two share a
 * gate, and no two only read the lock that they meet at. Circles whose witnesses are surer are preferred.
 *
 * @param budget steps of the search that are left; what it takes is taken from it
 */
export function inversionThrough(
  start: OrderEdge,
  witness: OrderWitness,
  edgesFrom: EdgesFrom,
  budget: { steps: number },
): Inversion | undefined {
  let best: Inversion | undefined;
  const path: InversionStep[] = [{ edge: start, witness }];
  const extend = (limit: number): void => {
    const last = path[path.length - 1]!;
    for (const edge of edgesFrom(last.edge.second)) {
      if (--budget.steps < 0) return;
      const closes = edge.second === start.first;
      // Only the last step may close the circle, and only at its full length: shorter ones had their turn.
      if (closes !== (path.length + 1 === limit)) continue;
      if (!closes && path.some((step) => step.edge.first === edge.second)) continue;
      for (const next of edge.witnesses) {
        const step = { edge, witness: next };
        if (!fits(path, step, closes)) continue;
        path.push(step);
        if (closes) best = surer(best, inversionOf(path));
        else extend(limit);
        path.pop();
        if (best !== undefined && doubts(best) === 0) return;
      }
    }
  };
  for (let length = 2; length <= MAX_LENGTH && best === undefined && budget.steps > 0; length++)
    extend(length);
  return best;
}

/** Whether a task that did `next` can be stuck together with those on the path. */
function fits(path: readonly InversionStep[], next: InversionStep, closes: boolean): boolean {
  if (onlyRead(path[path.length - 1]!, next) || (closes && onlyRead(next, path[0]!))) return false;
  return path.every((step) => !excludes(step, next) && !excludes(next, step));
}

/** Whether what `from` asks for is only read by both: then nobody waits. */
const onlyRead = (from: InversionStep, to: InversionStep) =>
  from.witness.secondMode === Mode.shared && to.witness.firstMode === Mode.shared;

/** Whether `a` has something that `b` has too, and one of them for himself alone: they were not there together. */
function excludes(a: InversionStep, b: InversionStep): boolean {
  const { gates, sharedGates } = b.witness;
  const { first } = b.edge;
  return (
    a.witness.gates.some((gate) => gate === first || gates.includes(gate) || sharedGates.includes(gate)) ||
    (b.witness.firstMode !== Mode.shared && a.witness.sharedGates.includes(first))
  );
}

function inversionOf(path: readonly InversionStep[]): Inversion {
  const tasks = new Set(path.map(({ witness }) => witness.task.id));
  return {
    steps: [...path],
    sameTask: tasks.size < path.length,
    certain: path.every(({ witness }) => !witness.task.forked),
  };
}

const surer = (one: Inversion | undefined, other: Inversion) =>
  one === undefined || doubts(other) < doubts(one) ? other : one;

/** How much speaks against it; 0: nothing. */
export const doubts = ({ sameTask, certain }: Inversion): number => (certain ? 0 : 2) + (sameTask ? 1 : 0);
