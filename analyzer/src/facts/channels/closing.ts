import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { beforeOperation, nodesOf } from "./arrival.js";
import { mayPrecede, type World } from "./concurrency.js";
import { isReceiving, isSending } from "./counterparts.js";
import type { ChannelValue } from "./flow/values.js";
import { successors } from "./graphs.js";
import { leavesByItself } from "./never-closed.js";
import type { ChannelOperation } from "./program.js";
import { isAvoidable, isConditional, isGuarded, isShielded } from "./shields.js";

/** A close after which something else is done to the channel that it does not bear. */
export interface AfterClose {
  readonly operation: ChannelOperation;
  readonly close: ChannelOperation;
}

/** Sends of the file that can run when the channel is closed already. */
export function sendsAfterClose(file: ts.SourceFile, world: World): AfterClose[] {
  const sends = world.program
    .operationsIn(file)
    .filter((each) => isSending(each) || each.event === "chan-try-send");
  return sends.flatMap((operation): AfterClose[] => {
    const channel = onlyChannel(operation, world);
    if (channel === undefined || isShielded(operation)) return [];
    const close = closesOf(channel, world).find(
      (each) => isFreeToClose(each, channel, world) && comesBefore(each, operation, channel, world),
    );
    return close === undefined ? [] : [{ operation, close }];
  });
}

/** Closes in the file of a channel that can be closed already. */
export function repeatedCloses(file: ts.SourceFile, world: World): AfterClose[] {
  const own = world.program.operationsIn(file).filter((each) => each.event === "chan-close");
  const channels = new Set(own.flatMap((each) => onlyChannel(each, world) ?? []));
  return [...channels]
    .flatMap((channel) => repeatedClosesOf(channel, world))
    .filter(({ operation }) => operation.node.getSourceFile() === file);
}

function repeatedClosesOf(channel: ChannelValue, world: World): AfterClose[] {
  const found = new Map<ts.Node, AfterClose>();
  const closes = closesOf(channel, world);
  for (const operation of closes) {
    if (isShielded(operation)) continue;
    for (const close of closes) {
      if (found.has(close.node) && found.get(close.node)?.close === operation) continue;
      if (!comesBefore(close, operation, channel, world)) continue;
      found.set(operation.node, { operation, close });
      break;
    }
  }
  return [...found.values()].map((each) => later(each, found));
}

/** Where each may be the second, the one further down is named. */
function later(each: AfterClose, found: ReadonlyMap<ts.Node, AfterClose>): AfterClose {
  const { operation, close } = each;
  const mutual = close !== operation && found.get(close.node)?.close === operation;
  const first =
    close.node.getSourceFile() === operation.node.getSourceFile() && close.node.pos > operation.node.pos;
  return mutual && first ? { operation: close, close: operation } : each;
}

function onlyChannel(operation: ChannelOperation, { program, tasks }: World): ChannelValue | undefined {
  const [channel, ...others] = operation.channels;
  return others.length === 0 &&
    channel?.made === "new" &&
    !program.escapes(channel) &&
    tasks.of(operation.unit).size > 0
    ? channel
    : undefined;
}

function closesOf(channel: ChannelValue, { program, tasks }: World): ChannelOperation[] {
  return program
    .operationsOn(channel)
    .filter(
      (each) => each.event === "chan-close" && each.channels.size === 1 && tasks.of(each.unit).size > 0,
    );
}

function comesBefore(
  close: ChannelOperation,
  operation: ChannelOperation,
  channel: ChannelValue,
  world: World,
): boolean {
  if (isGuarded(close, operation, world)) return false;
  const single = isSingle(channel, world);
  if (close === operation) return isRepeatedClose(close, channel, single, world);
  const shared = [...world.tasks.of(close.unit)].some(
    (task) => world.tasks.of(operation.unit).has(task) && world.tasks.isMany(task),
  );
  if (
    shared &&
    single &&
    !isConditional(close) &&
    !isAvoidable(close, world.program) &&
    isMadeOutside(channel, close, world)
  )
    return true;
  if (!single && !isOwnActivation(channel, close, operation)) return false;
  return mayPrecede(close, operation, world);
}

/** One close that runs several times on one channel. */
function isRepeatedClose(
  close: ChannelOperation,
  channel: ChannelValue,
  single: boolean,
  world: World,
): boolean {
  const { program, tasks } = world;
  const graph = program.graph(close.unit);
  if (graph === undefined || isConditional(close)) return false;
  const again = [...nodesOf(graph, close)].some((node) => comesAgain(node, channel));
  if (again) return true;
  if (!single || isAvoidable(close, program)) return false;
  return tasks.isSurelyRepeated(close.unit) || mayPrecede(close, close, world);
}

/** Whether a node is reached again without another channel being made in between. */
function comesAgain(node: CfgNode, channel: ChannelValue): boolean {
  const seen = new Set<CfgNode>();
  const work = successors(node);
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (at === node) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    const { op } = at;
    const made = op?.kind === "fresh" ? op.node : op?.kind === "rebind" ? op.node : undefined;
    if (made !== undefined && made.pos <= channel.node.pos && channel.node.end <= made.end) continue;
    // A loop over many things closes one of each.
    if (op?.kind === "rebind") continue;
    work.push(...successors(at));
  }
  return false;
}

/** Whether the text makes this channel only once: not in a loop, nor in something that is made or called often. */
function isSingle(channel: ChannelValue, { program, tasks }: World): boolean {
  let at: ts.Node = channel.node;
  for (let depth = 0; depth < 8; depth += 1) {
    if (isInLoop(at)) return false;
    const owner = at.parent && classField(at);
    if (owner !== undefined) {
      const [made, ...others] = program.flow.constructions.get(owner.name?.text ?? "") ?? [];
      if (made === undefined || others.length > 0) return false;
      at = made;
      continue;
    }
    const home = enclosingFunction(at);
    if (ts.isSourceFile(home)) return true;
    const unit = home as Parameters<typeof tasks.callers>[0];
    const places = [...tasks.callers(unit), ...tasks.starters(unit)];
    if (places.length === 0) return tasks.isRoot(unit) && !ts.isConstructorDeclaration(home);
    const [place, ...more] = places;
    const op = place?.node?.op;
    if (more.length > 0 || op === undefined || !("call" in op)) return false;
    at = op.call;
  }
  return false;
}

function classField(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isConstructorDeclaration(at) && ts.isClassLike(at.parent)) return at.parent;
    if (ts.isFunctionLike(at)) return undefined;
    if (ts.isPropertyDeclaration(at) && ts.isClassLike(at.parent))
      return ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Static ? undefined : at.parent;
  }
  return undefined;
}

function isInLoop(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent)
    if (ts.isIterationStatement(at.parent, false)) return true;
  return false;
}

/** Both work on the variable of one call of the function that makes the channel. */
function isOwnActivation(channel: ChannelValue, close: ChannelOperation, other: ChannelOperation): boolean {
  const home = enclosingFunction(channel.node);
  if (
    ts.isSourceFile(home) ||
    ts.isConstructorDeclaration(home) ||
    ts.isPropertyDeclaration(channel.node.parent)
  )
    return false;
  const inside = (node: ts.Node) =>
    node.getSourceFile() === home.getSourceFile() && home.pos <= node.pos && node.end <= home.end;
  const named = ({ channel: written }: ChannelOperation) =>
    written !== undefined && ts.isIdentifier(bare(written));
  return [close, other].every((each) => inside(each.node) && named(each)) && !isInLoop(channel.node);
}

/** Several tasks share the channel: it is not made by each of them. */
function isMadeOutside(channel: ChannelValue, close: ChannelOperation, { tasks }: World): boolean {
  const home = enclosingFunction(channel.node);
  return ![...tasks.of(close.unit)].some((task) => tasks.reach(task).has(home as never));
}

/** Whoever receives closes by an agreement with the sender; one that breaks off and closes has none. */
function isFreeToClose(close: ChannelOperation, channel: ChannelValue, { program, tasks }: World): boolean {
  for (const task of tasks.of(close.unit)) {
    const before = beforeOperation(close, task, program, tasks);
    for (const earlier of before.operations) {
      if (!earlier.channels.has(channel) || !isReceiving(earlier)) continue;
      const broken =
        earlier.event === "chan-range" &&
        ts.isForOfStatement(earlier.node) &&
        leavesByItself(earlier.node.statement);
      if (!broken) return false;
    }
  }
  return true;
}
