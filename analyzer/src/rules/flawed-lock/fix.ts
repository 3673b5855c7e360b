import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare } from "../../project/syntax.js";
import type { FixPlan } from "../rule.js";
import { mentions } from "./wait.js";
import type { CellWrite } from "./writes.js";

/** `this.tail.then(task)` → `this.tail.catch(() => {}).then(task)`: the next one starts whatever became of the last. */
export function startAnyway(write: CellWrite): FixPlan | undefined {
  let at = write.value && bare(write.value);
  let last: ts.PropertyAccessExpression | undefined;
  while (at !== undefined && ts.isCallExpression(at)) {
    const callee = bare(at.expression);
    if (!ts.isPropertyAccessExpression(callee) || !["then", "finally"].includes(callee.name.text)) break;
    last = callee;
    at = bare(callee.expression);
  }
  if (last === undefined || last.questionDotToken !== undefined) return undefined;
  const end = last.expression.getEnd();
  return {
    title: "Start the next one whatever became of the last",
    safety: "unsafe",
    edits: [{ file: last.getSourceFile(), start: end, end, text: ".catch(() => {})" }],
  };
}

/** `if (this.locked) await …` → `while (this.locked) await …`. */
export function lookAgain(
  suspension: ts.Node,
  key: string,
  scopes: Scopes,
  isPromise: boolean,
): FixPlan | undefined {
  for (let at = suspension; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = at;
    if (!ts.isIfStatement(parent) || parent.thenStatement !== at) continue;
    if (parent.elseStatement !== undefined || !mentions(parent.expression, key, scopes)) return undefined;
    const own = ts.isBlock(at) && at.statements.length === 1 ? at.statements[0] : at;
    if (own === undefined || !ts.isExpressionStatement(own) || bare(own.expression) !== suspension)
      return undefined;
    if (!readsCell(parent.expression, key, scopes)) return undefined;
    const start = parent.getStart();
    return {
      title: "Look again after each wait",
      // Where the promise itself is waited for, one that nobody clears would be waited for again and again.
      safety: isPromise ? "unsafe" : "safe",
      edits: [{ file: parent.getSourceFile(), start, end: start + "if".length, text: "while" }],
    };
  }
  return undefined;
}

/** A constant read before would be the same for ever. */
function readsCell(condition: ts.Expression, key: string, scopes: Scopes): boolean {
  return mentions(condition, key, scopes, Number.POSITIVE_INFINITY);
}
