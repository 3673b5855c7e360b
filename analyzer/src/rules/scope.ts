import { ts } from "ts-morph";
import { enclosingFunction } from "../project/syntax.js";

/** In the very body of the unit, nested functions left out. */
export function isWithinUnit(node: ts.Node, unit: ts.Node): boolean {
  return enclosingFunction(node) === unit;
}

/** Whether control comes to the node however its function is left: in a `finally`, or at the end of a `using`. */
export function isInFinally(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return true;
    if (
      ts.isVariableDeclaration(at) &&
      (ts.getCombinedNodeFlags(at) & ts.NodeFlags.Using) === ts.NodeFlags.Using
    )
      return true;
    if (ts.isFunctionLike(at.parent) && !isRunAtBlockEnd(at.parent)) return false;
  }
  return false;
}

/** The callback of `using _ = defer(() => mu.unlock())`. */
function isRunAtBlockEnd(node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}
