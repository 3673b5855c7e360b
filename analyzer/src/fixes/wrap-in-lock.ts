import ts from "typescript";
import { lockMode } from "../annotations/resolve.js";
import type { Guard } from "../facts/state-access/guards.js";
import type { Access } from "../facts/state-access/table.js";
import { enclosingFunction, isAsync } from "../project/syntax.js";
import type { FixPlan, RuleContext } from "../rules/rule.js";
import { indentOf, indentUnit, newLine } from "./layout.js";
import { enclosingStatement } from "./statements.js";

/**
 * The statement of an access goes into a section of its lock. Not safe: what belongs together may be more
 * than one statement, and what is awaited in between may want the same lock.
 */
export function wrapInLock(access: Access, guard: Guard, context: RuleContext): FixPlan | undefined {
  const lock = guard.of(access.place);
  const statement = enclosingStatement(access.node);
  const home = enclosingFunction(access.node);
  if (lock === undefined || statement === undefined || !isAsync(home)) return undefined;
  if (enclosingFunction(statement) !== home || leaves(statement)) return undefined;
  const isHeld = access.seen.ways.some((locks) =>
    // Behind another lock it would be one more order in which the two are taken.
    [...locks.values()].some(({ status }) => status === "held"),
  );
  if (isHeld || takes(statement, guard, context)) return undefined;
  const name = guard.field?.declaration && ts.getNameOfDeclaration(guard.field.declaration);
  const model = name && context.snapshot.primitiveOf(name)?.model;
  if (model === undefined || lockMode(model) !== "write" || model.methods.withLock === undefined)
    return undefined;
  const file = statement.getSourceFile();
  const [indent, eol] = [indentOf(statement), newLine(file)];
  const text = statement.getText().replaceAll("\n", `\n${indentUnit(file)}`);
  const waits = /\bawait\b/.test(text) ? "async () => {" : "() => {";
  const body = `${eol}${indent}${indentUnit(file)}${text}${eol}${indent}`;
  return {
    title: `Do it under \`${lock.text}\``,
    safety: "unsafe",
    edits: [
      {
        file,
        start: statement.getStart(),
        end: statement.getEnd(),
        text: `await ${lock.text}.withLock(${waits}${body}});`,
      },
    ],
  };
}

/** Whether the statement takes the lock itself, on some way. */
function takes(statement: ts.Statement, { field }: Guard, { snapshot, facts }: RuleContext): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = snapshot.calleeOf(node);
      if (callee.kind === "body")
        found ||= facts
          .of(callee.declaration)
          .summary.taken.some((taken) => taken.place.field?.id === field?.id);
      if (callee.kind === "method" && callee.operation.op === "acquire") found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** Statements that cannot go into a callback as they are: they declare, return or jump. */
function leaves(statement: ts.Statement): boolean {
  if (
    ts.isVariableStatement(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement)
  )
    return true;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (
      ts.isReturnStatement(node) ||
      ts.isBreakOrContinueStatement(node) ||
      ts.isYieldExpression(node) ||
      (ts.isIdentifier(node) && node.text === "arguments")
    )
      found = true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}
