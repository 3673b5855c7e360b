import ts from "typescript";
import { identityOf } from "../../facts/identity.js";
import type { LockOrder } from "../../facts/observations.js";
import { permitsOf } from "../../facts/permits.js";
import { createTasks, type Tasks } from "../../facts/tasks.js";
import type { Unit } from "../../ir/lower.js";
import type { Place } from "../../ir/place.js";
import type { LockMode } from "../../model/index.js";
import type { Snapshot } from "../../project/port.js";
import type { RuleContext } from "../rule.js";

/** One lock waited for under another, by what their instances have in common. */
export interface Edge {
  readonly order: LockOrder;
  /** The function in which both locks are held, or one held and one wanted. */
  readonly unit: Unit;
  readonly from: number;
  readonly to: number;
}

export interface Graph {
  readonly inFile: ReadonlyMap<ts.SourceFile, readonly Edge[]>;
  readonly from: ReadonlyMap<number, readonly Edge[]>;
  readonly tasks: Tasks;
}

const graphs = new WeakMap<Snapshot, Graph>();

/** The whole program's; made once for a snapshot. */
export function graphOf({ snapshot, program }: RuleContext): Graph {
  let graph = graphs.get(snapshot);
  if (graph === undefined) {
    graph = build(program(), snapshot);
    graphs.set(snapshot, graph);
  }
  return graph;
}

function build(units: ReturnType<RuleContext["program"]>, snapshot: Snapshot): Graph {
  const found = new Map<string, Edge>();
  const isExclusive = (mode: LockMode, place: Place) => mode !== "permit" || permitsOf(place, snapshot) === 1;
  for (const { unit, observations } of units) {
    if (observations.abandoned) continue;
    for (const order of observations.orders.values()) {
      const [from, to] = [identityOf(order.held.place), identityOf(order.place)];
      // A semaphore's permit keeps nobody out by itself.
      const excludes = isExclusive(order.held.mode, order.held.place) && isExclusive(order.mode, order.place);
      if (from === undefined || to === undefined || !excludes) continue;
      const { node, held, site } = order;
      const key = `${node.getSourceFile().fileName}:${node.pos}:${held.site.pos}:${site.pos}:${from}:${to}`;
      const known = found.get(key);
      // A callback that runs at once is seen from the function around it too, which knows what it holds.
      if (known === undefined || isWithin(known.unit, unit)) found.set(key, { order, unit, from, to });
    }
  }
  const inFile = new Map<ts.SourceFile, Edge[]>();
  const from = new Map<number, Edge[]>();
  for (const edge of found.values()) {
    add(inFile, edge.order.node.getSourceFile(), edge);
    add(from, edge.from, edge);
  }
  return { inFile, from, tasks: createTasks(snapshot) };
}

function add<K>(table: Map<K, Edge[]>, key: K, edge: Edge): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [edge]);
  else known.push(edge);
}

function isWithin(inner: Unit, outer: Unit): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}

/** A cycle longer than this is one that nobody would understand. */
const maxLength = 4;
const maxTries = 2_000;

/** The rest of a cycle that an edge is part of: what other tasks hold and want meanwhile. */
export function cycleThrough(edge: Edge, graph: Graph): readonly Edge[] | undefined {
  if (edge.from === edge.to) return undefined;
  let tries = 0;
  // Shortest first: the fewer tasks it takes, the easier it is to see.
  for (let length = 1; length < maxLength; length += 1) {
    const found = extend([edge], length);
    if (found !== undefined) return found.slice(1);
  }
  return undefined;

  function extend(path: readonly Edge[], left: number): readonly Edge[] | undefined {
    const last = path.at(-1);
    if (last === undefined) return undefined;
    for (const next of graph.from.get(last.to) ?? []) {
      tries += 1;
      if (tries > maxTries) return undefined;
      if (!conflicts(next.order.held.mode, last.order.mode)) continue;
      if (left === 1 ? next.to !== edge.from : path.some((each) => each.from === next.to)) continue;
      if (left === 1 && !conflicts(edge.order.held.mode, next.order.mode)) continue;
      if (!path.every((each) => canMeet(each, next, graph.tasks))) continue;
      const further = [...path, next];
      const found = left === 1 ? further : extend(further, left - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Whether two tasks can be at the two places at one time: no lock that both hold there keeps them apart. */
function canMeet(one: Edge, other: Edge, tasks: Tasks): boolean {
  if (haveGate(one, other)) return false;
  return tasks.mayRunBeside(one.unit, other.unit, madeWithin(one) ?? madeWithin(other));
}

function haveGate(one: Edge, other: Edge): boolean {
  const cycle = new Set([one.from, one.to, other.from, other.to]);
  return one.order.holds.some((gate) => {
    const identity = identityOf(gate.place);
    return (
      identity !== undefined &&
      !cycle.has(identity) &&
      other.order.holds.some(
        (beside) => identityOf(beside.place) === identity && conflicts(gate.mode, beside.mode),
      )
    );
  });
}

/** The function that makes one of the locks: each run of it has its own. */
function madeWithin({ order }: Edge): ts.Node | undefined {
  for (const place of [order.held.place, order.place]) {
    const { home } = place;
    if (home === undefined || place.parameter !== undefined) continue;
    for (let at: ts.Node | undefined = home.parent; at !== undefined; at = at.parent) {
      if (ts.isFunctionLike(at)) return at;
    }
  }
  return undefined;
}

/** Both the holder and the one who waits are readers: then neither waits. */
function conflicts(held: LockMode, wanted: LockMode): boolean {
  return held !== "read" || wanted !== "read";
}
