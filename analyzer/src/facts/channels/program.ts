import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import type { EventKind } from "../../model/index.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";
import { valueFlow } from "./flow/index.js";
import type { CallSite, ValueFlow } from "./flow/solving.js";
import type { ChannelValue } from "./flow/values.js";
import { graphOf, type Placed } from "./graphs.js";

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
  readonly flow: ValueFlow;
  readonly operations: readonly ChannelOperation[];
  operationsIn(file: ts.SourceFile): readonly ChannelOperation[];
  operationsOn(channel: ChannelValue): readonly ChannelOperation[];
  /** Whether code that is not seen may use the channel. */
  escapes(channel: ChannelValue): boolean;
  /** Undefined where the function is too complex to be followed. */
  graph(unit: Unit): UnitGraph | undefined;
  readonly units: readonly Unit[];
}

export const nothingHappens: Effect = { operations: [], runs: [], starts: [] };

export function readChannels(files: readonly ts.SourceFile[], snapshot: Snapshot): ChannelProgram {
  const flow = valueFlow(files, snapshot);
  const raw = written(flow);
  const concerned = concernedFunctions(raw, flow);
  const graphs = new Map<Unit, UnitGraph | undefined>();
  const operations: ChannelOperation[] = [];

  const writtenIn = byOwner(raw);
  const sitesIn = byOwner([...flow.sites.values()]);
  for (const unit of concerned) {
    const graph = graphOf(unit, snapshot);
    const inlined = [...(graph?.inlined ?? [unit])];
    const own = inlined.flatMap((owner) => writtenIn.get(owner) ?? []);
    const placed = own.map((each): ChannelOperation => ({ ...each, unit }));
    const sites = inlined.flatMap((owner) => sitesIn.get(owner) ?? []);
    operations.push(...placed);
    graphs.set(unit, graph && attach(unit, graph, placed, sites, concerned));
  }
  const kept = withoutRepetition(operations);
  const byFile = new Map<ts.SourceFile, ChannelOperation[]>();
  for (const operation of kept) append(byFile, operation.node.getSourceFile(), operation);
  const byChannel = new Map<ChannelValue, ChannelOperation[]>();
  for (const operation of kept)
    for (const channel of operation.channels) append(byChannel, channel, operation);

  return {
    flow,
    operations: kept,
    operationsIn: (file) => byFile.get(file) ?? [],
    operationsOn: (channel) => byChannel.get(channel) ?? [],
    escapes: (channel) => channel.made === "library" || flow.outside.has(channel),
    graph: (unit) => graphs.get(unit),
    units: [...concerned],
  };
}

/** A literal that runs in place is seen in the function around it; alone it would be seen twice. */
function withoutRepetition(operations: readonly ChannelOperation[]): ChannelOperation[] {
  const byNode = new Map<ts.Node, ChannelOperation>();
  for (const operation of operations) {
    const known = byNode.get(operation.node);
    if (known === undefined || contains(operation.unit, known.unit)) byNode.set(operation.node, operation);
  }
  return [...byNode.values()];
}

function append<K, T>(table: Map<K, T[]>, key: K, item: T): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [item]);
  else known.push(item);
}

function byOwner<T extends { readonly node: ts.Node }>(items: readonly T[]): Map<ts.Node, T[]> {
  const found = new Map<ts.Node, T[]>();
  for (const item of items) append(found, enclosingFunction(item.node), item);
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

function written({ operations, cancels }: ValueFlow): Raw[] {
  const found: Raw[] = operations.map(({ node, event, channel, select, values }) => {
    const channels = new Set([...values].filter((value) => value.kind === "channel"));
    return { node, event, channel, select, channels };
  });
  for (const [channel, places] of cancels)
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
function concernedFunctions(operations: readonly Raw[], { sites }: ValueFlow): Set<Unit> {
  const callers = new Map<ts.Node, Set<ts.Node>>();
  for (const { node, runs, starts } of sites.values()) {
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

function attach(
  unit: Unit,
  placed: Placed,
  operations: readonly ChannelOperation[],
  sites: readonly CallSite[],
  concerned: ReadonlySet<Unit>,
): UnitGraph {
  const effects = new Map<CfgNode, Effect>();
  let unplaced = nothingHappens;
  const put = (at: ts.Node, effect: Effect): void => {
    let nodes = placed.effective(at);
    // `items.forEach(async …)` starts its tasks where the callback stands.
    if (nodes.length === 0 && (ts.isCallExpression(at) || ts.isNewExpression(at)))
      nodes = placed.effective(...(at.arguments ?? []));
    for (const node of nodes) effects.set(node, both(effects.get(node) ?? nothingHappens, effect));
    if (nodes.length === 0) unplaced = both(unplaced, effect);
  };
  for (const operation of operations) put(operation.node, { ...nothingHappens, operations: [operation] });
  const matters = (body: FunctionWithBody) => concerned.has(body) && !placed.inlined.has(body);
  for (const site of sites) {
    const runs = [...site.runs].filter(matters);
    const starts = [...site.starts].filter(matters);
    if (runs.length > 0 || starts.length > 0) put(site.node, { operations: [], runs, starts });
  }
  return { unit, entry: placed.entry, nodes: placed.nodes, effects, unplaced };
}

function both(one: Effect, other: Effect): Effect {
  return {
    operations: [...one.operations, ...other.operations],
    runs: [...one.runs, ...other.runs],
    starts: [...one.starts, ...other.starts],
  };
}
