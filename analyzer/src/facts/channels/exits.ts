import type ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import { reachable } from "./arrival.js";
import type { World } from "./concurrency.js";
import { isReceiving } from "./counterparts.js";
import type { ChannelValue } from "./flow/values.js";
import { askedVariables, closureOf, leadingTo, writtenIn } from "./guards.js";
import type { ChannelOperation, Effect, UnitGraph } from "./program.js";
import { asksFor, isDecision, isLoopCondition } from "./questions.js";
import { isWithin, mentions } from "./received.js";
import { type Walker, walk } from "./walk.js";

/** A way out that is looked for. */
export interface Way {
  /** Variables whose value decides by the rules of the two sides. */
  readonly results: ReadonlySet<number>;
  readonly anchor: ts.Node;
  readonly other: ChannelOperation | undefined;
  /** Whether decisions on a received value count as well. */
  readonly protocol: boolean;
}

export interface Exits {
  leaves(unit: Unit, starts: readonly CfgNode[], way: Way): boolean;
}

/** Paths that leave the receiving task without another receive, a close, or a word to the sender. */
export function createExits(
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
