import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import { reachable } from "./arrival.js";
import { mayPrecede, type World } from "./concurrency.js";
import { counterparts, firesByItself, isReceiving } from "./counterparts.js";
import type { ChannelValue } from "./flow/values.js";
import { askedVariables, closureOf, leadingTo, writtenIn } from "./guards.js";
import { constantRounds } from "./never-met.js";
import type { ChannelOperation, Effect, UnitGraph } from "./program.js";
import { isWithin, mentions, resultVariables } from "./received.js";
import { type Walker, walk } from "./walk.js";

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

interface Way {
  /** Variables whose value decides by the rules of the two sides. */
  readonly results: ReadonlySet<number>;
  readonly anchor: ts.Node;
  readonly other: ChannelOperation | undefined;
  /** Whether decisions on a received value count as well. */
  readonly protocol: boolean;
}

interface Exits {
  leaves(unit: Unit, starts: readonly CfgNode[], way: Way): boolean;
}

/** Paths that leave the receiving task without another receive, a close, or a word to the sender. */
function createExits(
  channel: ChannelValue,
  send: ChannelOperation,
  receive: ChannelOperation,
  world: World,
): Exits {
  const { program, tasks, snapshot } = world;
  const asked = askedVariables(leadingTo(send.unit, tasks), tasks, snapshot);
  const concerns = (effect: Effect): boolean =>
    effect.operations.some((each) => each.channels.has(channel) && endsSearch(each)) ||
    [...closureOf(effect.runs, program)].some(
      (unit) =>
        touches(unit) || [...writtenIn(unit, tasks, snapshot)].some((variable) => asked.has(variable)),
    );
  const touches = (unit: Unit): boolean =>
    [...(program.graph(unit)?.effects.values() ?? [])].some((effect) =>
      effect.operations.some((each) => each.channels.has(channel) && endsSearch(each)),
    );
  const selects = new Set(
    program
      .operationsOn(channel)
      .filter(isReceiving)
      .map((each) => each.select),
  );

  function ends(node: CfgNode, graph: UnitGraph): boolean {
    const { op } = node;
    if (op?.kind === "operation" && op.event === "select" && selects.has(op.call as ts.CallExpression))
      return true;
    if (op?.kind === "assign" && asked.has(op.variable)) return true;
    const effect = graph.effects.get(node);
    return effect !== undefined && concerns(effect);
  }

  /** By the rules of the two sides one way may mean the end; the one that comes back for more does not. */
  function staying(node: CfgNode, graph: UnitGraph): "both" | "stop" | "true" | "false" {
    const stays = (next: CfgNode | undefined) =>
      next !== undefined && [...reachable([next], (at) => ends(at, graph))].some((at) => ends(at, graph));
    const [yes, no] = [stays(node.next), stays(node.alt)];
    return yes ? (no ? "both" : "true") : no ? "false" : "stop";
  }

  function search(unit: Unit, starts: readonly CfgNode[], way: Way, seen: ReadonlySet<Unit>): boolean {
    const graph = program.graph(unit);
    if (graph === undefined || seen.has(unit)) return false;
    const walker: Walker = {
      snapshot,
      enter(node) {
        if (node.op?.kind === "fresh" && isMadeAt(channel, node.op.node)) return "found";
        return ends(node, graph) ? "stop" : "go";
      },
      undecided(node, question) {
        if (way.protocol || !isDecision(question)) return "both";
        if (isWithin(way.anchor, question) || mentions(question, way.results, snapshot))
          return staying(node, graph);
        if (!isLoopCondition(question, way.anchor)) return "both";
        return way.other !== undefined && asksFor(question, way.other) ? "both" : "stop";
      },
      leave: () =>
        tasks.of(unit).has(unit) ||
        tasks.callers(unit).some(
          (place) =>
            place.node !== undefined &&
            search(
              place.unit,
              [place.node.next, place.node.alt].filter((next) => next !== undefined),
              {
                ...way,
                results: new Set(),
              },
              new Set([...seen, unit]),
            ),
        ),
    };
    return walk(starts, walker);
  }

  return {
    leaves(unit, starts, way) {
      // The receive that the way starts from is behind it already.
      return starts.length > 0 && receive.unit === unit && search(unit, starts, way, new Set());
    },
  };
}

function endsSearch(operation: ChannelOperation): boolean {
  return isReceiving(operation) || operation.event === "chan-try-receive" || operation.event === "chan-close";
}

/** `const done = new Channel()` reached again makes another channel: the one before is left behind. */
function isMadeAt(channel: ChannelValue, node: ts.Node): boolean {
  return isWithin(channel.node, node) || (node.parent !== undefined && isWithin(channel.node, node.parent));
}

/** Whether control leaves a statement by the answer, rather than an expression its value. */
function isDecision(question: ts.Node): boolean {
  let at = question;
  while (at.parent !== undefined && ts.isExpression(at.parent)) at = at.parent;
  const { parent } = at;
  return !(
    ts.isExpressionStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isThrowStatement(parent)
  );
}

function isLoopCondition(question: ts.Node, anchor: ts.Node): boolean {
  for (let at = anchor; at.parent !== undefined && !ts.isFunctionLike(at.parent); at = at.parent) {
    const loop = at.parent;
    const condition =
      ts.isWhileStatement(loop) || ts.isDoStatement(loop)
        ? loop.expression
        : ts.isForStatement(loop)
          ? loop.condition
          : ts.isForOfStatement(loop) && loop !== anchor
            ? loop.expression
            : undefined;
    if (condition !== undefined && isWithin(question, condition)) return true;
  }
  return false;
}

/** `while (!ctx.err)` around a case on `ctx.done`. */
function asksFor(question: ts.Node, other: ChannelOperation): boolean {
  const channel = other.channel?.getText() ?? "";
  const owner = channel.replace(/\.done$/, "");
  const text = question.getText();
  return (
    text.includes(`${channel}.closed`) ||
    (owner !== channel && (text.includes(`${owner}.err`) || text.includes(`${owner}.signal.aborted`)))
  );
}
