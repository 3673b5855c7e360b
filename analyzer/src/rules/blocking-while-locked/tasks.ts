import ts from "typescript";
import { condLock } from "../../facts/cond-lock.js";
import { enclosing } from "../../facts/enclosing.js";
import type { Hold } from "../../facts/state.js";
import { usesOf } from "../../facts/uses.js";
import { callbackBody } from "../../ir/harmless.js";
import { type Place, placeOf } from "../../ir/place.js";
import type { FunctionWithBody } from "../../project/port.js";
import { bare } from "../../project/syntax.js";
import type { RuleContext } from "../rule.js";
import { takenBefore, takesIn } from "./before.js";
import type { Obstacle } from "./channels.js";
import type { Wait } from "./waits.js";

/** Other waits than those on channels: for counted tasks, for one task, for a signal, for the other parties. */
export function taskObstacle(wait: Wait, context: RuleContext): Obstacle | undefined {
  const { call } = wait;
  if (!ts.isCallExpression(call)) return undefined;
  const receiver = receiverOf(call);
  const place = receiver && placeOf(receiver, context.snapshot);
  for (const hold of wait.holds) {
    const found = place && obstacle(wait, call, place, hold, context);
    if (found !== undefined) return found;
  }
  return wait.event === "task-join" && receiver ? joinObstacle(receiver, wait, context) : undefined;
}

function obstacle(
  wait: Wait,
  call: ts.CallExpression,
  place: Place,
  hold: Hold,
  context: RuleContext,
): Obstacle | undefined {
  switch (wait.event) {
    case "wg-wait":
    case "group-wait":
      return countedObstacle(place, call, hold, context);
    case "cond-wait":
      return condObstacle(wait.place ?? place, hold, context);
    default:
      return undefined;
  }
}

/** One counted task that wants the lock is enough: it is never done. */
function countedObstacle(
  place: Place,
  wait: ts.CallExpression,
  hold: Hold,
  context: RuleContext,
): Obstacle | undefined {
  const { calls, escapes, methodsPassed } = usesOf(place.field, context.snapshot);
  for (const { method, call } of calls) {
    if (method === "go" || method === "tryGo") {
      const body = callbackBody(call.arguments[0], context.snapshot);
      const site = body && takesIn(body, hold, context);
      if (site !== undefined) return { hold, other: call, site };
    } else if (method === "done") {
      const unit = enclosing(call, context.snapshot);
      if (unit === undefined || unit === enclosing(wait, context.snapshot)) continue;
      const site = takenBefore(unit, call, hold, context);
      if (site !== undefined) return { hold, other: call, site };
    }
  }
  const counts = calls.find(({ method, call }) => method === "add" && call.arguments.length > 0);
  const isCounted = calls.some(({ method }) => method === "done" || method === "go");
  if (counts === undefined || isCounted || escapes || methodsPassed.size > 0) return undefined;
  return { hold, other: counts.call, site: counts.call };
}

/** Whoever signals has to hold the other lock, which is held here while this waits. */
function condObstacle(cond: Place, hold: Hold, context: RuleContext): Obstacle | undefined {
  const own = condLock(cond, context.snapshot);
  if (own === undefined || own.keys.includes(hold.place.key) || own.field === hold.place.field?.id)
    return undefined;
  const { calls, escapes } = usesOf(cond.field, context.snapshot);
  const signals = calls.filter(({ method }) => method === "signal" || method === "broadcast");
  if (escapes || signals.length === 0) return undefined;
  let found: Obstacle | undefined;
  for (const { call } of signals) {
    const unit = enclosing(call, context.snapshot);
    const site = unit && takenBefore(unit, call, hold, context);
    if (site === undefined) return undefined;
    found = { hold, other: call, site };
  }
  return found;
}

/** `await task.join()`: the task, or one of those that the name can stand for, wants the lock. */
function joinObstacle(receiver: ts.Expression, wait: Wait, context: RuleContext): Obstacle | undefined {
  for (const { start, body } of startsBehind(receiver, context, 0)) {
    for (const hold of wait.holds) {
      const site = takesIn(body, hold, context);
      if (site !== undefined) return { hold, other: start, site };
    }
  }
  return undefined;
}

interface Start {
  readonly start: ts.CallExpression;
  readonly body: FunctionWithBody;
}

/** The tasks that an expression may be: what is started in it, or in what its variable was given. */
export function startsBehind(expression: ts.Expression, context: RuleContext, depth: number): Start[] {
  const found: Start[] = [];
  const names: (ts.Identifier | ts.PrivateIdentifier)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = context.snapshot.calleeOf(node);
      const starts =
        (callee.kind === "function" || callee.kind === "method") &&
        (callee.operation.op === "spawn" || callee.operation.op === "wg-go");
      const body = starts ? callbackBody(node.arguments[0], context.snapshot) : undefined;
      if (body !== undefined) {
        found.push({ start: node, body });
        return;
      }
    }
    if (ts.isFunctionLike(node) && !ts.isArrowFunction(node)) return;
    if (ts.isIdentifier(node)) names.push(node);
    else if (ts.isPropertyAccessExpression(node) && !ts.isCallExpression(node.parent)) {
      names.push(node.name as ts.Identifier);
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(bare(expression));
  if (found.length > 0 || depth > 3) return found;
  return names.flatMap((name) => startsOf(name, context, depth + 1));
}

function startsOf(name: ts.Identifier | ts.PrivateIdentifier, context: RuleContext, depth: number): Start[] {
  const declaration = context.snapshot.variableOf(name)?.declaration;
  if (declaration === undefined || ts.isParameter(declaration) || ts.isFunctionLike(declaration)) return [];
  const values: ts.Expression[] = [];
  if (ts.isVariableDeclaration(declaration) && ts.isForOfStatement(declaration.parent.parent))
    values.push(declaration.parent.parent.expression);
  else if ("initializer" in declaration && declaration.initializer)
    values.push(declaration.initializer as ts.Expression);
  const text = name.text;
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const left = bare(node.left);
      const target = ts.isPropertyAccessExpression(left) ? left.name : left;
      if (target.getText() === text) values.push(node.right);
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name: method } = node.expression;
      const list = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      if ((method.text === "push" || method.text === "add") && list.getText() === text)
        values.push(...node.arguments);
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration.getSourceFile());
  return values.flatMap((value) => startsBehind(value, context, depth));
}

function receiverOf(call: ts.CallExpression): ts.Expression | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
}
