import ts from "typescript";
import { meaningfulParent } from "../project/syntax.js";
import type { FixPlan } from "../rules/rule.js";
import { removal } from "./layout.js";

/** The expression statement that consists of this call (awaited or not). */
export function statementOf(call: ts.Node): ts.ExpressionStatement | undefined {
  let { parent } = meaningfulParent(call);
  if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent)) parent = meaningfulParent(parent).parent;
  return ts.isExpressionStatement(parent) ? parent : undefined;
}

/** The list of statements that a statement stands in. */
export function listOf(statement: ts.Statement): readonly ts.Statement[] | undefined {
  const { parent } = statement;
  return ts.isBlock(parent) ||
    ts.isSourceFile(parent) ||
    ts.isCaseOrDefaultClause(parent) ||
    ts.isModuleBlock(parent)
    ? parent.statements
    : undefined;
}

/** The statement, in a list of statements, that a node is part of. */
export function enclosingStatement(node: ts.Node): ts.Statement | undefined {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isStatement(at) && listOf(at) !== undefined) return at;
  }
  return undefined;
}

export function removeStatement(call: ts.Node, title: string): FixPlan | undefined {
  const statement = statementOf(call);
  if (statement === undefined || listOf(statement) === undefined) return undefined;
  return { title, safety: "safe", edits: [removal(statement)] };
}
