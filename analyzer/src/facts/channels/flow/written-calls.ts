import ts from "typescript";
import { meaningfulParent } from "../../../project/syntax.js";
import type { Gathering } from "./part.js";
import type { Call, CallNode } from "./solving.js";

export function callOf(g: Gathering, node: CallNode): Call {
  const given = node.arguments ?? [];
  return {
    node,
    given: given.map((argument) => g.ref(argument)),
    spread: given.findIndex(ts.isSpreadElement),
    waited: ts.isNewExpression(node) || isWaited(node),
    thenable: undefined,
  };
}
/** Whether the task that calls goes on only when the call is over. */
export function isWaited(call: ts.Expression): boolean {
  const { parent, child } = meaningfulParent(call);
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    (ts.isArrowFunction(parent) && parent.body === child) ||
    (ts.isYieldExpression(parent) && parent.asteriskToken !== undefined) ||
    (ts.isConditionalExpression(parent) && parent.condition !== child && isWaited(parent)) ||
    (ts.isBinaryExpression(parent) && parent.right === child && isWaited(parent))
  );
}
