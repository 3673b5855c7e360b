import type ts from "typescript";
import type { CfgNode } from "./cfg.js";
import { releaserName } from "./guards.js";
import type { Flow, Lowering } from "./lowering.js";
import { evaluate } from "./operands.js";

/** `release()` of a variable that a guard may be in, though its type says nothing of it. */
export function lowerReleaserCall(
  l: Lowering,
  call: ts.CallExpression,
  next: CfgNode,
  flow: Flow,
): CfgNode | undefined {
  const name = releaserName(call.expression);
  const variable = name && l.snapshot.variableOf(name);
  if (variable === undefined || !l.snapshot.guardVariables(l.file).has(variable.id)) return undefined;
  const op = {
    kind: "guard-release",
    guard: variable.id,
    node: call,
    implicit: false,
    idempotent: true,
  } as const;
  // What it was before a lock was taken, nobody knows: it is a call like any other then.
  return evaluate(l, call, l.node(op, next), flow);
}
