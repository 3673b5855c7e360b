import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import { bare } from "../../project/syntax.js";
import { beforeOperation, nodesOf } from "./arrival.js";
import {
  type Blocking,
  counterparts,
  firesByItself,
  isAvailable,
  isSending,
  tasksAlive,
} from "./counterparts.js";
import type { ChannelValue } from "./flow/values.js";
import { successors } from "./graphs.js";
import type { ChannelOperation, ChannelProgram, UnitGraph } from "./program.js";
import type { Tasks } from "./tasks.js";

/** Why nobody will ever set a waiting task free. */
export interface NeverMet {
  readonly blocking: Blocking;
  /** Counterparts that exist and come too late. */
  readonly late: readonly ChannelOperation[];
}

/** A wait that nothing can end: no counterpart in the program, or only ones that this wait itself keeps away. */
export function neverMet(blocking: Blocking, program: ChannelProgram, tasks: Tasks): NeverMet | undefined {
  if (!tasksAlive(blocking.unit, tasks) || blocking.operations.length === 0) return undefined;
  const late: ChannelOperation[] = [];
  for (const operation of blocking.operations) {
    if (operation.channels.size === 0 || isParked(operation)) return undefined;
    for (const channel of operation.channels) {
      if (channel.made === "nil") continue;
      if (firesByItself(channel, program)) return undefined;
      const others = counterparts(operation, channel, program, tasks);
      if (others.some((other) => isAvailable(operation, other, channel, program, tasks))) return undefined;
      if (isSending(operation) && !isFull(operation, channel, program, tasks)) return undefined;
      if (others.some((other) => comesFirst(other, operation, program, tasks))) return undefined;
      late.push(...others);
    }
  }
  // On a channel that is surely nil this is another mistake.
  const real = blocking.operations.some((each) => [...each.channels].some(({ made }) => made !== "nil"));
  return real ? { blocking, late } : undefined;
}

/** The task waits there already: that one is named. */
function comesFirst(
  other: ChannelOperation,
  operation: ChannelOperation,
  program: ChannelProgram,
  tasks: Tasks,
): boolean {
  return [...tasks.of(operation.unit)].some((task) =>
    beforeOperation(operation, task, program, tasks).operations.has(other),
  );
}

/** `await new Channel().receive()`: a way to say "for ever". */
function isParked({ channel }: ChannelOperation): boolean {
  return channel !== undefined && ts.isNewExpression(bare(channel));
}

/** Whether a send finds no room, when nobody receives. */
function isFull(
  operation: ChannelOperation,
  channel: ChannelValue,
  program: ChannelProgram,
  tasks: Tasks,
): boolean {
  const { capacity } = channel;
  if (capacity === 0) return true;
  if (capacity === undefined) return false;
  const graph = program.graph(operation.unit);
  if (graph === undefined) return false;
  const sends = (node: CfgNode) =>
    (graph.effects.get(node)?.operations ?? []).some(
      (each) => isSending(each) && each.channels.size === 1 && each.channels.has(channel),
    );
  if (fewestSends(graph, nodesOf(graph, operation), sends) >= capacity) return true;
  if (roundsOf(operation.node) > capacity) return true;
  if (capacity !== 1) return false;
  // One slot, and something that has been called before may have filled it.
  return [...tasks.of(operation.unit)].some((task) =>
    [...beforeOperation(operation, task, program, tasks).operations].some(
      (each) =>
        each !== operation &&
        each.channels.has(channel) &&
        (isSending(each) || each.event === "chan-try-send"),
    ),
  );
}

/** The smallest number of sends on any path to the target. */
function fewestSends(
  graph: UnitGraph,
  targets: ReadonlySet<CfgNode>,
  sends: (node: CfgNode) => boolean,
): number {
  const best = new Map<CfgNode, number>([[graph.entry, 0]]);
  const work: CfgNode[] = [graph.entry];
  for (let node = work.shift(); node !== undefined; node = work.shift()) {
    const count = best.get(node) ?? 0;
    if (targets.has(node)) continue;
    const after = count + (sends(node) ? 1 : 0);
    for (const next of successors(node)) {
      if ((best.get(next) ?? Number.POSITIVE_INFINITY) <= after) continue;
      best.set(next, after);
      work.push(next);
    }
  }
  return Math.min(...[...targets].map((target) => best.get(target) ?? 0));
}

/** How often a loop with constant bounds runs its body; an endless one, without end; else unknown, and 1. */
export function roundsOf(node: ts.Node): number {
  let rounds = 1;
  for (let at = node; !ts.isFunctionLike(at) && at.parent !== undefined; at = at.parent) {
    const loop = at.parent;
    if (ts.isWhileStatement(loop) && loop.expression.kind === ts.SyntaxKind.TrueKeyword)
      return Number.POSITIVE_INFINITY;
    if (!ts.isForStatement(loop) || at !== loop.statement) continue;
    if (loop.condition === undefined) return Number.POSITIVE_INFINITY;
    rounds *= constantRounds(loop) ?? 1;
  }
  return rounds;
}

/** `for (let i = 0; i < 3; i++)`. */
export function constantRounds(loop: ts.ForStatement): number | undefined {
  const { condition, initializer } = loop;
  if (condition === undefined || !ts.isBinaryExpression(condition)) return undefined;
  const limit = bare(condition.right);
  const first =
    initializer && ts.isVariableDeclarationList(initializer)
      ? initializer.declarations[0]?.initializer
      : undefined;
  if (!ts.isNumericLiteral(limit) || first === undefined || !ts.isNumericLiteral(bare(first)))
    return undefined;
  const span = Number(limit.text) - Number((bare(first) as ts.NumericLiteral).text);
  if (condition.operatorToken.kind === ts.SyntaxKind.LessThanToken) return span;
  return condition.operatorToken.kind === ts.SyntaxKind.LessThanEqualsToken ? span + 1 : undefined;
}
