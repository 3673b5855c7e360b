import ts from "typescript";
import type { Unit } from "../ir/lower.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { isFunctionLiteral, meaningfulParent } from "../project/syntax.js";
import { isImmediate } from "./task-starts.js";

/** The function whose graph a node stands in: a literal that runs at once is part of the one around it. */
export function enclosing(node: ts.Node, snapshot: Snapshot): Unit | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isSourceFile(at) || ts.isClassStaticBlockDeclaration(at)) return at;
    if (!ts.isFunctionLike(at) || !("body" in at) || at.body === undefined) continue;
    const { parent, child } = meaningfulParent(at);
    const runsHere =
      isFunctionLiteral(at) &&
      ts.isCallExpression(parent) &&
      parent.expression !== child &&
      isImmediate(snapshot.calleeOf(parent));
    if (!runsHere) return at as FunctionWithBody;
  }
  return undefined;
}
