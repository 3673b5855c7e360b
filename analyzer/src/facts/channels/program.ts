import ts from "typescript";
import { type CfgNode, TooComplex } from "../../ir/cfg.js";
import { lower, type Unit } from "../../ir/lower.js";
import type { EventKind } from "../../model/index.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";
import { handedOutClasses } from "./exports.js";
import { gatherFlow } from "./gather.js";
import type { CallSite, CallTable } from "./gather-calls.js";
import type { Slots } from "./slots.js";
import type { ChannelValue } from "./values.js";

/** One operation on a channel, with the channels that it may be done to. */
export interface ChannelOperation {
  readonly node: ts.Node;
  readonly event: EventKind;
  readonly channels: ReadonlySet<ChannelValue>;
  readonly channel: ts.Expression | undefined;
  readonly select: ts.CallExpression | undefined;
  /** The function whose graph it stands in: a literal that runs in place is part of the one around it. */
  readonly unit: Unit;
}

/** What happens at one node of a function's graph. */
export interface Effect {
  readonly operations: readonly ChannelOperation[];
  readonly runs: readonly Unit[];
  readonly starts: readonly Unit[];
}

export interface UnitGraph {
  readonly unit: Unit;
  readonly entry: CfgNode;
  readonly nodes: readonly CfgNode[];
  readonly effects: ReadonlyMap<CfgNode, Effect>;
  /** What has no place in the graph: it may happen anywhere. */
  readonly unplaced: Effect;
}

/** Every channel of the program, who uses it, and which functions run as which tasks. */
export interface ChannelProgram {
  readonly slots: Slots;
  readonly table: CallTable;
  readonly operations: readonly ChannelOperation[];
  operationsOn(channel: ChannelValue): readonly ChannelOperation[];
  /** Whether code that is not seen may use the channel. */
  escapes(channel: ChannelValue): boolean;
  /** Undefined where the function is too complex to be followed. */
  graph(unit: Unit): UnitGraph | undefined;
  readonly units: readonly Unit[];
  /** Names of classes whose instances code that is not seen may use. */
  readonly handedOut: ReadonlySet<string>;
}

export const nothingHappens: Effect = { operations: [], runs: [], starts: [] };

export function readChannels(files: readonly ts.SourceFile[], snapshot: Snapshot): ChannelProgram {
  const { slots, calls: table } = gatherFlow(files, snapshot);
  const raw = written(table, slots);
  const concerned = concernedFunctions(raw, table);
  const graphs = new Map<Unit, UnitGraph | undefined>();
  const operations: ChannelOperation[] = [];

  const writtenIn = byOwner(raw);
  const sitesIn = byOwner([...table.sites.values()]);
  for (const unit of concerned) {
    const inlined = new Set<ts.Node>([unit]);
    const graph = build(unit, snapshot);
    if (graph !== undefined) for (const at of graph.keys()) inlineAround(at, unit, inlined);
    const own = [...inlined].flatMap((owner) => writtenIn.get(owner) ?? []);
    const placed = own.map((each): ChannelOperation => ({ ...each, unit }));
    const sites = [...inlined].flatMap((owner) => sitesIn.get(owner) ?? []);
    operations.push(...placed);
    graphs.set(unit, graph && attach(unit, graph, placed, sites, inlined, concerned));
  }
  // A literal that runs in place is seen in the function around it; alone it would be seen twice.
  const byOperation = new Map<ts.Node, ChannelOperation>();
  for (const operation of operations) {
    const known = byOperation.get(operation.node);
    if (known === undefined || contains(operation.unit, known.unit))
      byOperation.set(operation.node, operation);
  }
  const kept = [...byOperation.values()];
  const byChannel = new Map<ChannelValue, ChannelOperation[]>();
  for (const operation of kept)
    for (const channel of operation.channels)
      byChannel.set(channel, [...(byChannel.get(channel) ?? []), operation]);

  return {
    slots,
    table,
    operations: kept,
    operationsOn: (channel) => byChannel.get(channel) ?? [],
    escapes: (channel) => channel.made === "library" || slots.outside.values.has(channel),
    graph: (unit) => graphs.get(unit),
    units: [...concerned],
    handedOut: handedOutClasses(files),
  };
}

function byOwner<T extends { readonly node: ts.Node }>(items: readonly T[]): Map<ts.Node, T[]> {
  const found = new Map<ts.Node, T[]>();
  for (const item of items) {
    const owner = enclosingFunction(item.node);
    const known = found.get(owner);
    if (known === undefined) found.set(owner, [item]);
    else known.push(item);
  }
  return found;
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return (
    outer !== inner &&
    outer.getSourceFile() === inner.getSourceFile() &&
    outer.pos <= inner.pos &&
    inner.end <= outer.end
  );
}

type Raw = Omit<ChannelOperation, "unit">;

function written(table: CallTable, slots: Slots): Raw[] {
  const found: Raw[] = table.operations.map((each) => {
    const values = [...slots.expression(each.channel).values];
    return { ...each, channels: new Set(values.filter((value) => value.kind === "channel")) };
  });
  for (const [channel, places] of table.cancels)
    for (const node of places)
      found.push({
        node,
        event: "chan-close",
        channels: new Set([channel]),
        channel: undefined,
        select: undefined,
      });
  return found.filter((each) => each.event !== "chan-range" || each.channels.size > 0);
}

/** Functions in which something happens to a channel, directly or through calls, and the functions around them. */
function concernedFunctions(operations: readonly Raw[], table: CallTable): Set<Unit> {
  const callers = new Map<ts.Node, Set<ts.Node>>();
  for (const { node, runs, starts } of table.sites.values()) {
    for (const body of [...runs, ...starts])
      callers.set(body, (callers.get(body) ?? new Set()).add(enclosingFunction(node)));
  }
  const found = new Set<ts.Node>();
  const work = operations.map((each) => enclosingFunction(each.node));
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    for (const caller of callers.get(at) ?? []) work.push(caller);
    if (!ts.isSourceFile(at)) work.push(enclosingFunction(at));
  }
  return found as Set<Unit>;
}

type Placed = ReadonlyMap<ts.Node, readonly CfgNode[]> & { readonly entry: CfgNode };

/** The function's graph, by the nodes of the text that stand in it. */
function build(unit: Unit, snapshot: Snapshot): Placed | undefined {
  if (snapshot.isBroken(unit)) return undefined;
  let entry: CfgNode;
  try {
    entry = lower(unit, snapshot).entry;
  } catch (error) {
    if (error instanceof TooComplex || error instanceof RangeError) return undefined;
    throw error;
  }
  const places = new Map<ts.Node, CfgNode[]>();
  for (const node of nodesFrom(entry)) {
    const at = textOf(node);
    if (at !== undefined) places.set(at, [...(places.get(at) ?? []), node]);
  }
  return Object.assign(places, { entry });
}

export function nodesFrom(entry: CfgNode): CfgNode[] {
  const seen = new Set<CfgNode>();
  const work = [entry];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const next of successors(node)) work.push(next);
  }
  return [...seen];
}

export function successors(node: CfgNode): CfgNode[] {
  return [node.next, node.alt, node.onThrow].filter((each) => each !== undefined);
}

function textOf(node: CfgNode): ts.Node | undefined {
  const { op } = node;
  switch (op?.kind) {
    case "operation":
    case "call":
    case "spawn":
    case "acquire":
      return op.call;
    case "invoke":
    case "may-throw":
    case "await":
    case "closure":
      return op.kind === "closure" ? op.body : op.node;
    default:
      return undefined;
  }
}

function inlineAround(at: ts.Node, unit: Unit, inlined: Set<ts.Node>): void {
  if (ts.isFunctionLike(at)) return;
  for (let owner = enclosingFunction(at); owner !== unit; owner = enclosingFunction(owner)) {
    if (ts.isSourceFile(owner)) return;
    inlined.add(owner);
  }
}

const kinds = ["operation", "call", "invoke", "spawn", "acquire", "may-throw", "await"] as const;

/** Of the nodes that stand for one text, those at which it takes effect. */
function effective(nodes: readonly CfgNode[]): readonly CfgNode[] {
  for (const kind of kinds) {
    const those = nodes.filter((node) => node.op?.kind === kind);
    if (those.length > 0) return those;
  }
  return [];
}

function attach(
  unit: Unit,
  placed: Placed,
  operations: readonly ChannelOperation[],
  sites: readonly CallSite[],
  inlined: ReadonlySet<ts.Node>,
  concerned: ReadonlySet<Unit>,
): UnitGraph {
  const effects = new Map<CfgNode, Effect>();
  let unplaced = nothingHappens;
  const put = (at: ts.Node, effect: Effect): void => {
    let nodes = effective(placed.get(at) ?? []);
    // `items.forEach(async …)` starts its tasks where the callback stands.
    if (nodes.length === 0 && (ts.isCallExpression(at) || ts.isNewExpression(at)))
      nodes = effective((at.arguments ?? []).flatMap((argument) => placed.get(argument) ?? []));
    for (const node of nodes) effects.set(node, both(effects.get(node) ?? nothingHappens, effect));
    if (nodes.length === 0) unplaced = both(unplaced, effect);
  };
  for (const operation of operations) put(operation.node, { ...nothingHappens, operations: [operation] });
  const matters = (body: FunctionWithBody) => concerned.has(body) && !inlined.has(body);
  for (const site of sites) {
    const runs = [...site.runs].filter(matters);
    const starts = [...site.starts].filter(matters);
    if (runs.length > 0 || starts.length > 0) put(site.node, { operations: [], runs, starts });
  }
  return { unit, entry: placed.entry, nodes: nodesFrom(placed.entry), effects, unplaced };
}

function both(one: Effect, other: Effect): Effect {
  return {
    operations: [...one.operations, ...other.operations],
    runs: [...one.runs, ...other.runs],
    starts: [...one.starts, ...other.starts],
  };
}
