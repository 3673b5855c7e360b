import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import { mayPrecede, type World } from "./concurrency.js";
import { counterparts, firesByItself, isReceiving } from "./counterparts.js";
import { createExits, type Exits } from "./exits.js";
import type { ChannelValue } from "./flow/values.js";
import { constantRounds } from "./never-met.js";
import type { ChannelOperation, UnitGraph } from "./program.js";
import { resultVariables } from "./received.js";

/** How a receiver leaves: by another case of its `select`, or out of its loop. */
export interface Leaving {
  readonly receive: ChannelOperation;
  readonly other: ChannelOperation | undefined;
}

/** A send whose receivers may all be gone: how each of them leaves. */
export function receiversGone(send: ChannelOperation, world: World): Leaving[] | undefined {
  const { program, tasks } = world;
  if (send.channels.size === 0 || tasks.of(send.unit).size === 0) return undefined;
  const found: Leaving[] = [];
  for (const channel of send.channels) {
    if (channel.made !== "new" || channel.capacity === undefined || firesByItself(channel, program))
      return undefined;
    const several = isRepeatedSend(send, channel, world);
    if (channel.capacity > 0 && !several) return undefined;
    const receives = program
      .operationsOn(channel)
      .filter((each) => isReceiving(each) && tasks.of(each.unit).size > 0);
    if (receives.length === 0) return undefined;
    for (const receive of receives) {
      const leaving = leavingOf(receive, channel, send, several, world);
      if (leaving === undefined) return undefined;
      found.push(leaving);
    }
  }
  return found;
}

/** Whether more values may be sent than the channel has room for. */
function isRepeatedSend(send: ChannelOperation, channel: ChannelValue, { program, tasks }: World): boolean {
  const rounds = loopRounds(send.node);
  if (rounds !== undefined && rounds > 1) return rounds > (channel.capacity ?? 0);
  const graph = program.graph(send.unit);
  const looped = [...(graph?.effects ?? [])].some(
    ([node, effect]) => effect.operations.includes(send) && tasks.inLoop(node),
  );
  if (looped && rounds === undefined) return true;
  return tasks.isSurelyRepeated(send.unit);
}

/** Constant number of rounds of the loops around a node; undefined where a loop has no such number. */
function loopRounds(node: ts.Node): number | undefined {
  let rounds = 1;
  for (let at = node; !ts.isFunctionLike(at) && at.parent !== undefined; at = at.parent) {
    if (!ts.isIterationStatement(at.parent, false)) continue;
    const own = ts.isForStatement(at.parent) ? constantRounds(at.parent) : undefined;
    if (own === undefined) return undefined;
    rounds *= own;
  }
  return rounds;
}

function leavingOf(
  receive: ChannelOperation,
  channel: ChannelValue,
  send: ChannelOperation,
  several: boolean,
  world: World,
): Leaving | undefined {
  const { program, tasks, snapshot } = world;
  const graph = program.graph(receive.unit);
  if (graph === undefined) return undefined;
  const same = [...tasks.of(send.unit)].some(
    (task) => tasks.of(receive.unit).has(task) && !tasks.isMany(task),
  );
  if (same) return undefined;
  const exits = createExits(channel, send, receive, world);
  if (receive.select !== undefined) {
    for (const other of program.operations) {
      if (other.select !== receive.select || other.channels.has(channel)) continue;
      if (!mayFire(other, send, world)) continue;
      const starts = nodesFor(graph, other.node);
      const results = resultVariables(receive.select, snapshot);
      if (exits.leaves(receive.unit, starts, { results, anchor: receive.select, other, protocol: false }))
        return { receive, other };
    }
    return undefined;
  }
  if (!several) return undefined;
  const results = resultVariables(receive.node, snapshot);
  const starts =
    receive.event === "chan-range"
      ? bodies(graph, receive.node).map(([body]) => body)
      : nodesFor(graph, receive.node)
          .filter((node) => tasks.inLoop(node) || cleansUpElsewhere(exits, graph, channel, receive))
          .flatMap((node) => node.next ?? []);
  const way = { results, anchor: receive.node, other: undefined, protocol: false };
  if (exits.leaves(receive.unit, starts, way)) return { receive, other: undefined };
  const careless =
    cleansUpElsewhere(exits, graph, channel, receive) &&
    exits.leaves(receive.unit, starts, { ...way, protocol: true });
  return careless ? { receive, other: undefined } : coveredBy(receive, graph, channel);
}

/** A receive that another one of the same function follows: what counts is how that one leaves. */
function coveredBy(receive: ChannelOperation, graph: UnitGraph, channel: ChannelValue): Leaving | undefined {
  const others = [...graph.effects.values()].flatMap((effect) =>
    effect.operations.filter((each) => each !== receive && isReceiving(each) && each.channels.has(channel)),
  );
  return others.length > 0 && receive.event === "chan-range" ? { receive, other: undefined } : undefined;
}

/** Of the ways out, the one behind the loop tells the sender or makes room for it; so should the others. */
function cleansUpElsewhere(
  exits: Exits,
  graph: UnitGraph,
  channel: ChannelValue,
  receive: ChannelOperation,
): boolean {
  const ranges = [...graph.effects.values()].flatMap((effect) =>
    effect.operations.filter((each) => each.event === "chan-range" && each.channels.has(channel)),
  );
  const ends = ranges.flatMap((range) => bodies(graph, range.node).flatMap(([, end]) => end ?? []));
  const way = { results: new Set<number>(), anchor: receive.node, other: undefined, protocol: true };
  return ends.length > 0 && !exits.leaves(receive.unit, ends, way);
}

/** The nodes of a text. */
function nodesFor(graph: UnitGraph, text: ts.Node): CfgNode[] {
  return graph.nodes.filter((node) => node.op?.kind === "operation" && node.op.call === text);
}

/** Where the body of a `for await` begins, and where control goes when the channel is closed. */
function bodies(graph: UnitGraph, loop: ts.Node): [CfgNode, CfgNode | undefined][] {
  const expression = ts.isForOfStatement(loop) ? loop.expression : undefined;
  return graph.nodes.flatMap((node): [CfgNode, CfgNode | undefined][] =>
    node.op?.kind === "branch" && node.op.node === expression && node.next ? [[node.next, node.alt]] : [],
  );
}

/** Whether the other case of a `select` may be taken while the send is still to come. */
function mayFire(other: ChannelOperation, send: ChannelOperation, world: World): boolean {
  const { program, tasks } = world;
  if (other.channels.size === 0) return true;
  return [...other.channels].some(
    (channel) =>
      firesByItself(channel, program) ||
      counterparts(other, channel, program, tasks).some((firing) => mayPrecede(firing, send, world)),
  );
}
