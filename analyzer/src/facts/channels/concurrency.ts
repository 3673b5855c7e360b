import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import type { Snapshot } from "../../project/port.js";
import { bare } from "../../project/syntax.js";
import { beforeOperation, nodesOf, reachable } from "./arrival.js";
import { isCounterpart } from "./counterparts.js";
import { successors } from "./graphs.js";
import { closureOf } from "./guards.js";
import type { ChannelOperation, ChannelProgram } from "./program.js";
import type { Tasks } from "./tasks.js";

export interface World {
  readonly program: ChannelProgram;
  readonly tasks: Tasks;
  readonly snapshot: Snapshot;
}

/**
 * Whether `first` may happen while `second` is still to come: in the same task before it, or in another one
 * that does not wait for the task of `second`. Functions that only code which is not seen calls come in
 * an order that nobody here knows.
 */
export function mayPrecede(first: ChannelOperation, second: ChannelOperation, world: World): boolean {
  const { tasks, program } = world;
  for (const acting of tasks.of(first.unit)) {
    for (const waiting of tasks.of(second.unit)) {
      if (acting === waiting) {
        if (tasks.isMany(acting)) continue;
        if (beforeOperation(second, waiting, program, tasks).operations.has(first)) return true;
        continue;
      }
      if (tasks.isRoot(acting) && tasks.isRoot(waiting)) continue;
      if (startsAfter(acting, second, waiting, world) || isOnAnotherWay(first, waiting, world)) continue;
      if (!waitsFor(first, acting, second, waiting, world)) return true;
    }
  }
  return false;
}

/** `first` stands in the function that starts the task, on a path that never does. */
function isOnAnotherWay(first: ChannelOperation, waiting: Unit, { program, tasks }: World): boolean {
  const places = tasks.starters(waiting);
  const graph = program.graph(first.unit);
  if (places.length === 0 || graph === undefined || places.some((place) => place.unit !== first.unit))
    return false;
  const starts = new Set(places.flatMap((place) => place.node ?? []));
  const own = nodesOf(graph, first);
  if (
    starts.size === 0 ||
    own.size === 0 ||
    tasks.isRepeated(first.unit, [...tasks.of(first.unit)][0] ?? first.unit)
  )
    return false;
  const leads = (from: ReadonlySet<CfgNode>, to: ReadonlySet<CfgNode>) =>
    [...reachable([...from].flatMap(successors), () => false)].some((node) => to.has(node));
  return !leads(own, starts) && !leads(starts, own);
}

/** Whether a task is only started by another one once that has passed the operation for good. */
function startsAfter(
  acting: Unit,
  operation: ChannelOperation,
  waiting: Unit,
  { program, tasks }: World,
): boolean {
  const places = tasks.starters(acting);
  if (places.length === 0 || tasks.isRoot(acting)) return false;
  const own = places.every((place) => {
    const owners = tasks.of(place.unit);
    return owners.size === 1 && owners.has(waiting);
  });
  if (!own || tasks.isMany(waiting)) return false;
  const graph = program.graph(operation.unit);
  const repeated =
    tasks.isRepeated(operation.unit, waiting) ||
    [...(graph?.effects ?? [])].some(
      ([node, effect]) => effect.operations.includes(operation) && tasks.inLoop(node),
    );
  return !repeated && !beforeOperation(operation, waiting, program, tasks).starts.has(acting);
}

/** Whether the task, before it comes to `first`, waits for something that the task of `second` gives. */
function waitsFor(
  first: ChannelOperation,
  acting: Unit,
  second: ChannelOperation,
  waiting: Unit,
  world: World,
): boolean {
  const { program, tasks } = world;
  const before = beforeOperation(first, acting, program, tasks);
  if (before.unknown) return true;
  return [...before.nodes].some((node) => isWaitFor(node, second, waiting, world));
}

function isWaitFor(node: CfgNode, second: ChannelOperation, waiting: Unit, world: World): boolean {
  const { op } = node;
  switch (op?.kind) {
    case "wg":
      return op.what === "wait";
    case "call":
      return waitsInside(op.target);
    case "await":
      return isOpaqueWait(op.node, world.snapshot);
    case "operation":
      break;
    default:
      return false;
  }
  switch (op.event) {
    case "task-join":
      return joins(op.call, waiting, world);
    case "group-wait":
    case "barrier-wait":
    case "cond-wait":
      return true;
    case "chan-receive":
    case "chan-send":
    case "chan-range":
    case "select-receive":
    case "select-send":
      return meets(node, second, waiting, world);
    default:
      return false;
  }
}

/** An operation whose counterpart the other task performs: after it, that task has come at least so far. */
function meets(node: CfgNode, second: ChannelOperation, waiting: Unit, { program, tasks }: World): boolean {
  return program.operations.some(
    (operation) =>
      operation.node === ("call" in (node.op ?? {}) ? (node.op as { call: ts.Node }).call : undefined) &&
      [...operation.channels].some((channel) =>
        program
          .operationsOn(channel)
          .some(
            (other) =>
              other !== second && isCounterpart(operation, other) && tasks.of(other.unit).has(waiting),
          ),
      ),
  );
}

/** `task.join()`: which task, if the text says so. */
function joins(call: ts.Node, waiting: Unit, { snapshot, program, tasks }: World): boolean {
  const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
  const target = callee && ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  const started = target && startOf(target, snapshot);
  const site = started && program.flow.sites.get(started);
  if (site === undefined || site.starts.size === 0) return true;
  return [...site.starts].some((body) => body === waiting || startsTask(body, waiting, program, tasks));
}

function startOf(target: ts.Expression, snapshot: Snapshot): ts.Expression | undefined {
  if (ts.isCallExpression(target)) return target;
  const variable = ts.isIdentifier(target) ? snapshot.variableOf(target) : undefined;
  const declaration = variable?.constant ? variable.declaration : undefined;
  return declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    ? bare(declaration.initializer)
    : undefined;
}

/** Whether a task starts another one, itself or through tasks that it starts: then its end may mean that one's. */
function startsTask(from: Unit, wanted: Unit, program: ChannelProgram, tasks: Tasks): boolean {
  const reach = closureOf([from], program);
  return reach.has(wanted) || tasks.starters(wanted).some((place) => reach.has(place.unit));
}

const waitsText = /\.(?:join|wait|waitSync)\(|Promise\.(?:all|allSettled|race|any)\(|for await/;

function waitsInside(target: ts.Node): boolean {
  return waitsText.test(target.getText());
}

/** A promise that came from elsewhere: what it stands for is not seen. */
function isOpaqueWait(node: ts.Node, snapshot: Snapshot): boolean {
  if (!ts.isExpression(node)) return false;
  const at = bare(node);
  if (!ts.isCallExpression(at)) return true;
  const callee = snapshot.calleeOf(at);
  if (callee.kind === "builtin") return callee.owner === "PromiseConstructor" || callee.owner === "Promise";
  return callee.kind === "unknown" && !snapshot.bodyOf(at.expression);
}
