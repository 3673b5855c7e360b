import ts from "typescript";
import { addAwait } from "../../fixes/await.js";
import { mustBeAwaited } from "../../model/index.js";
import { meaningfulParent, shortText } from "../../project/syntax.js";
import { mistakenLocks } from "../lock-in-finally/mistaken.js";
import type { Rule, RuleContext } from "../rule.js";
import { doc, sources } from "./doc.js";

export const missingAwait: Rule = {
  id: "missing-await",
  title: "Nobody waits for this",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      if (!isDropped(call)) continue;
      const what = blocking(call, context);
      if (what === undefined || mistakenLocks(context).has(call)) continue;
      yield {
        node: call,
        message: `\`${shortText(call)}\` ${what}`,
        fixes: isReleaserLost(call, context) ? [] : [addAwait(call)],
      };
    }
  },
};

/** Awaited alone, the function that releases would be lost, and the lock held for ever. */
function isReleaserLost(call: ts.CallExpression, { snapshot }: RuleContext): boolean {
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.operation.op !== "acquire") return false;
  return callee.operation.form === "guard" && callee.operation.disposable !== true;
}

function blocking(call: ts.CallExpression, { snapshot }: RuleContext): string | undefined {
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" && callee.kind !== "function") return undefined;
  if (!mustBeAwaited(callee.operation)) return undefined;
  return callee.operation.op === "acquire"
    ? "is not awaited: the code below runs before the lock is held, and protects nothing"
    : "is not awaited: the code below does not wait for it";
}

/** Whether nobody gets the promise: neither awaited, returned, stored nor passed on. */
function isDropped(node: ts.Node): boolean {
  const { parent, child } = meaningfulParent(node);
  if (ts.isExpressionStatement(parent)) return true;
  if (ts.isVoidExpression(parent) || ts.isConditionalExpression(parent) || ts.isBinaryExpression(parent)) {
    return isDroppedOperand(parent, child);
  }
  if (ts.isPrefixUnaryExpression(parent)) return true;
  return (
    (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) &&
    parent.expression === child
  );
}

function isDroppedOperand(
  parent: ts.VoidExpression | ts.ConditionalExpression | ts.BinaryExpression,
  child: ts.Node,
): boolean {
  if (ts.isVoidExpression(parent)) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition === child || isDropped(parent);
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.CommaToken:
      return parent.left === child || isDropped(parent);
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return parent.right === child && isDropped(parent);
    default:
      return false;
  }
}
