import ts from "typescript";
import type { Callee } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { type CfgNode, isAwaited, type Use } from "./cfg.js";
import { lowerReceiver } from "./expressions.js";
import { type Flow, type Lowering, sequence, suspend } from "./lowering.js";
import { evaluate } from "./operands.js";
import { placeOf } from "./place.js";

export function isPromiseChain(callee: Callee): boolean {
  return (
    callee.kind === "builtin" &&
    callee.owner === "Promise" &&
    ["then", "catch", "finally"].includes(callee.name)
  );
}

/** `mu.lock().then(…)`: what happens after the lock is ours happens in a callback; the path ends here. */
export function lowerChain(
  l: Lowering,
  call: ts.CallExpression,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  const after = isAwaited(use) ? suspend(l, call, next, flow, true) : next;
  const source = bare((bare(call.expression) as ts.PropertyAccessExpression).expression);
  const callbacks = sequence(l, call.arguments, after, flow, "value");
  if (!ts.isCallExpression(source)) return lowerReceiver(l, source, callbacks, flow);
  const callee = l.snapshot.calleeOf(source);
  const place =
    callee.kind === "method" && callee.operation.op === "acquire"
      ? placeOf(callee.receiver, l.snapshot)
      : undefined;
  if (place !== undefined) return l.node({ kind: "escape", place }, callbacks);
  return l.call(source, callbacks, flow, "value");
}

export function isPromiseCombinator(callee: Callee): boolean {
  return (
    callee.kind === "builtin" &&
    callee.owner === "PromiseConstructor" &&
    ["all", "allSettled"].includes(callee.name)
  );
}

/** `await Promise.all([a.lock(), b.lock()])` awaits each. */
export function lowerCombinator(
  l: Lowering,
  call: ts.CallExpression,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  const list = call.arguments[0] && bare(call.arguments[0]);
  if (list === undefined || !ts.isArrayLiteralExpression(list) || use === "value") {
    return evaluate(l, call, isAwaited(use) ? suspend(l, call, next, flow, true) : next, flow);
  }
  const rejects = list.elements.some((element) => !isModelledCall(l, element));
  const after = isAwaited(use) && rejects ? suspend(l, call, next, flow, true) : next;
  return list.elements.reduceRight((following, element) => {
    const at = bare(element);
    return ts.isCallExpression(at) && isModelledCall(l, at)
      ? l.call(at, following, flow, use)
      : l.expression(at, following, flow, "value");
  }, after);
}

function isModelledCall(l: Lowering, element: ts.Expression): boolean {
  const at = bare(element);
  return ts.isCallExpression(at) && l.snapshot.calleeOf(at).kind === "method";
}

/** `resolve(…)` and `reject(…)` of a promise's executor. */
export function isSettle(l: Lowering, call: ts.CallExpression): boolean {
  const name = bare(call.expression);
  const declaration = ts.isIdentifier(name) ? l.snapshot.variableOf(name)?.declaration : undefined;
  const made = declaration && ts.isParameter(declaration) ? declaration.parent.parent : undefined;
  return made !== undefined && ts.isNewExpression(made) && made.expression.getText() === "Promise";
}
