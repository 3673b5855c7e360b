import ts from "typescript";
import { isDirectTarget, noteAccess } from "./accesses.js";
import type { CfgNode, Use } from "./cfg.js";
import { lowerGuardValue } from "./guards.js";
import type { Lowering } from "./lowering.js";
import { placeOf } from "./place.js";

export function noteValue(
  l: Lowering,
  at: ts.Identifier | ts.PropertyAccessExpression,
  next: CfgNode,
  use: Use,
): CfgNode {
  return lowerValue(l, at, isDirectTarget(at) ? next : noteAccess(l, at, next), use);
}

/** A guard or a lock used as a value goes to somebody who may release it. */
function lowerValue(
  l: Lowering,
  at: ts.Identifier | ts.PropertyAccessExpression,
  next: CfgNode,
  use: Use,
): CfgNode {
  if (use === "dropped") return next;
  const guard = ts.isIdentifier(at) ? lowerGuardValue(l, at, next, use) : undefined;
  if (guard !== undefined) return guard;
  const model = l.snapshot.mayBePrimitive(at) ? l.snapshot.primitiveOf(at)?.model : undefined;
  if (model === undefined) return next;
  if (model.kind === "guard") {
    const variable = ts.isIdentifier(at) ? l.snapshot.variableOf(at) : undefined;
    const returned = use === "returned";
    return variable ? l.node({ kind: "guard-escape", guard: variable.id, returned }, next) : next;
  }
  const place = model.noCopy || model.kind === "locker" ? placeOf(at, l.snapshot) : undefined;
  return place ? l.node({ kind: "escape", place }, next) : next;
}

/** `if (mu.locked) mu.unlock()`: who asks the lock itself knows better than its path. */
export function lowerQuery(l: Lowering, at: ts.PropertyAccessExpression, next: CfgNode): CfgNode {
  if (ts.isCallExpression(at.parent) && at.parent.expression === at) return next;
  if (!l.snapshot.mayBeOfPrimitive(at)) return next;
  const kind = l.snapshot.primitiveOf(at.expression)?.model.kind;
  const place = kind === "mutex" || kind === "rwmutex" ? placeOf(at.expression, l.snapshot) : undefined;
  return place ? l.node({ kind: "escape", place }, next) : next;
}
