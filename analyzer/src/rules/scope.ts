import ts from "typescript";
import { isUsing } from "../project/syntax.js";

/** Whether control comes to the node however its function is left: in a `finally`, or at the end of a `using`. */
export function isInFinally(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return true;
    if (ts.isVariableDeclaration(at) && isUsing(at)) return true;
    if (ts.isFunctionLike(at.parent) && !isRunAtBlockEnd(at.parent)) return false;
  }
  return false;
}

/** The callback of `using _ = defer(() => mu.unlock())`. */
function isRunAtBlockEnd(node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** Whether the lock is mentioned other than to call a method on it: then somebody else may lock it. */
export function isHandedOut(declaration: ts.Declaration, scope: ts.Node): boolean {
  const own = ts.getNameOfDeclaration(declaration);
  const name = own?.getText();
  let handedOut = false;
  const visit = (node: ts.Node): void => {
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && node !== own && node.text === name) {
      const access =
        ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
      const calls = ts.isPropertyAccessExpression(access.parent) && access.parent.expression === access;
      if (!calls) handedOut = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return handedOut;
}
