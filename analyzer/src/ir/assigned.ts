import ts from "typescript";
import { bare } from "../project/syntax.js";
import { noteAccess } from "./accesses.js";
import type { CfgNode } from "./cfg.js";
import { guardVariable } from "./guards.js";
import { evaluatedChildren, type Flow, type Lowering } from "./lowering.js";
import { placeOf } from "./place.js";
import { truth } from "./truth.js";

/** `guard = await mu.acquire()` and `ok = mu.tryLock()` bind like a declaration does. */
export function lowerAssignment(l: Lowering, at: ts.BinaryExpression, next: CfgNode, flow: Flow): CfgNode {
  const left = bare(at.left);
  const variable = ts.isIdentifier(left) ? l.snapshot.variableOf(left) : undefined;
  const value = bare(at.right);
  const awaited = ts.isAwaitExpression(value) ? bare(value.expression) : undefined;
  const call = awaited ?? value;
  const guard = awaited !== undefined && ts.isCallExpression(call) ? guardVariable(l, left, call) : undefined;
  if (guard !== undefined && variable === undefined) {
    // `[value, release] = await …`
    const taken = l.call(call as ts.CallExpression, next, flow, "awaited", guard);
    return assign(l, at.left, undefined, taken);
  }
  if (variable === undefined || !ts.isCallExpression(call)) {
    return l.expression(at.right, assign(l, at.left, at.right, next), flow, "value");
  }
  // The assignment forgets what the variable meant before, so it comes before the call that binds it.
  const bound = l.call(call, next, flow, awaited === undefined ? "value" : "awaited", variable.id);
  return assign(l, at.left, undefined, bound, value);
}

export function assign(
  l: Lowering,
  target: ts.Expression,
  value: ts.Expression | undefined,
  next: CfgNode,
  from = value,
): CfgNode {
  const at = bare(target);
  if (ts.isArrayLiteralExpression(at) || ts.isObjectLiteralExpression(at)) {
    return evaluatedChildren(at).reduceRight((after, part) => assign(l, part, undefined, after), next);
  }
  const name = ts.isPropertyAccessExpression(at) ? at.name : at;
  const variable =
    ts.isIdentifier(name) || ts.isPrivateIdentifier(name)
      ? l.snapshot.variableOf(name as ts.Identifier)
      : undefined;
  const place = placeOf(at, l.snapshot);
  const made = value && bare(value);
  let after = ts.isIdentifier(at) || ts.isPropertyAccessExpression(at) ? noteAccess(l, at, next) : next;
  if (
    place !== undefined &&
    made !== undefined &&
    ts.isNewExpression(made) &&
    l.snapshot.constructed(made)?.model.noCopy
  ) {
    after = l.node({ kind: "fresh", place, node: at }, after);
  }
  return l.node(
    {
      kind: "assign",
      variable: variable?.id ?? -1,
      value: value && truth(value),
      place,
      ...(from && { from }),
    },
    after,
  );
}
