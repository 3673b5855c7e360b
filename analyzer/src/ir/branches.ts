import ts from "typescript";
import { bare } from "../project/syntax.js";
import { amountOf } from "./amounts.js";
import type { CfgNode } from "./cfg.js";
import { conditionOf } from "./conditions.js";
import { lowerReceiver } from "./expressions.js";
import type { Flow, Lowering } from "./lowering.js";
import { lowerOutcome } from "./outcomes.js";
import { placeOf } from "./place.js";
import { lowerSelectCondition } from "./select.js";

export function lowerCondition(
  l: Lowering,
  expression: ts.Expression,
  whenTrue: CfgNode,
  whenFalse: CfgNode,
  flow: Flow,
): CfgNode {
  const at = bare(expression);
  if (at.kind === ts.SyntaxKind.TrueKeyword) return whenTrue;
  if (at.kind === ts.SyntaxKind.FalseKeyword) return whenFalse;
  if (ts.isPrefixUnaryExpression(at) && at.operator === ts.SyntaxKind.ExclamationToken) {
    return l.condition(at.operand, whenFalse, whenTrue, flow);
  }
  if (ts.isBinaryExpression(at)) {
    if (at.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
      return l.condition(at.left, l.condition(at.right, whenTrue, whenFalse, flow), whenFalse, flow);
    }
    if (at.operatorToken.kind === ts.SyntaxKind.BarBarToken) {
      return l.condition(at.left, whenTrue, l.condition(at.right, whenTrue, whenFalse, flow), flow);
    }
  }
  if (ts.isCallExpression(at)) {
    const callee = l.snapshot.calleeOf(at);
    const place = callee.kind === "method" ? placeOf(callee.receiver, l.snapshot) : undefined;
    if (callee.kind === "method" && callee.operation.op === "try-acquire" && place !== undefined) {
      const mode = place.view ?? callee.operation.mode;
      const amount = amountOf(at, callee.operation.amount, l.snapshot);
      const tried = { kind: "try", place, mode, call: at, result: undefined, amount } as const;
      return l.node(tried, whenTrue, { alt: whenFalse });
    }
  }
  const outcome = lowerOutcome(l, at, whenTrue, whenFalse, flow);
  if (outcome !== undefined) return outcome;
  const selected = lowerSelectCondition(l, at, whenTrue, whenFalse, flow);
  if (selected !== undefined) return selected;
  const branch = l.node({ kind: "branch", condition: conditionOf(at, l.snapshot), node: at }, whenTrue, {
    alt: whenFalse,
  });
  return lowerReceiver(l, at, branch, flow);
}
