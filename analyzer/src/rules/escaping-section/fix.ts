import ts from "typescript";
import { enclosingFunction, isAsync } from "../../project/syntax.js";
import type { FixPlan } from "../rule.js";

/** `return save();` → `return await save();` */
export function awaitReturned(statement: ts.ReturnStatement): FixPlan | undefined {
  const { expression } = statement;
  if (expression === undefined || !isAsync(enclosingFunction(statement))) return undefined;
  const file = statement.getSourceFile();
  const [start, end] = [expression.getStart(), expression.getEnd()];
  const binds =
    ts.isCallExpression(expression) ||
    ts.isIdentifier(expression) ||
    ts.isParenthesizedExpression(expression);
  return {
    title: "Await it before the lock is given back",
    safety: "safe",
    edits: binds
      ? [{ file, start, end: start, text: "await " }]
      : [
          { file, start, end: start, text: "await (" },
          { file, start: end, end, text: ")" },
        ],
  };
}
