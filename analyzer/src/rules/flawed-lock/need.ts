import ts from "typescript";
import type { Body } from "../../plain/parts.js";
import { isTeardown } from "../../plain/race/names.js";
import type { Scopes } from "../../plain/scopes.js";
import { bare } from "../../project/syntax.js";
import { cellOf, isShared } from "./cell.js";
import { awaitsIn, isWithin } from "./wait.js";
import type { CellWrite } from "./writes.js";

/**
 * `await this.flushing; if (this.dirty.size > 0) this.flushing = this.flush()`: what is begun is work, and
 * whether there is still any to do is asked after the last wait. The first who goes on has begun it.
 */
export function isStillWanted({ node, value, cell }: CellWrite, unit: Body, scopes: Scopes): boolean {
  if (value === undefined || !isWork(bare(value), scopes)) return false;
  if (isSettledBy(unit, cell.key, scopes)) return false;
  const waits = awaitsIn(unit.body).filter((each) => each.end <= node.pos);
  const since = Math.max(...waits.map((each) => each.end));
  let found = false;
  const visit = (at: ts.Node): void => {
    if (found || ts.isFunctionLike(at) || at.pos > node.pos) return;
    if (ts.isIfStatement(at) && at.expression.pos >= since && decidesOn(at, node))
      found = asksState(at.expression, cell.key, unit, scopes);
    ts.forEachChild(at, visit);
  };
  visit(unit.body);
  return found;
}

/** `this.flush()`, or a variable that keeps what it gave. */
function isWork(value: ts.Expression, scopes: Scopes): boolean {
  if (!ts.isIdentifier(value)) return ts.isCallExpression(value);
  const declaration = scopes.bindingOf(value)?.declaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  return declaration.initializer !== undefined && ts.isCallExpression(bare(declaration.initializer));
}

/** `this.turn.resolve()`: what the function settles itself is a gate that it holds, whatever it asked before. */
function isSettledBy(unit: Body, key: string, scopes: Scopes): boolean {
  let found = false;
  const visit = (at: ts.Node): void => {
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      const { expression, name } = at.expression;
      if (/^(?:resolve|reject)$/.test(name.text) && cellOf(expression, scopes)?.key === key) found = true;
    }
    if (!found) ts.forEachChild(at, visit);
  };
  visit(unit.body);
  return found;
}

/** Whether the write is reached only one way. */
function decidesOn({ thenStatement, elseStatement }: ts.IfStatement, write: ts.Node): boolean {
  if (isWithin(write, thenStatement)) return true;
  if (elseStatement !== undefined) return isWithin(write, elseStatement);
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) || ts.isContinueStatement(last) || ts.isBreakStatement(last))
  );
}

/** Whether a condition asks something that several calls see, other than the cell, or that it is all over. */
function asksState(condition: ts.Expression, key: string, unit: Body, scopes: Scopes): boolean {
  let found = false;
  const visit = (at: ts.Node): void => {
    if (found || ts.isFunctionLike(at)) return;
    if (ts.isPropertyAccessExpression(at) || ts.isIdentifier(at)) {
      const cell = cellOf(at, scopes);
      const name = ts.isIdentifier(at) ? at.text : at.name.text;
      if (cell !== undefined && cell.key !== key && isShared(cell, unit) && !isTeardown(name)) found = true;
    }
    if (ts.isPropertyAccessExpression(at)) visit(at.expression);
    else ts.forEachChild(at, visit);
  };
  visit(condition);
  return found;
}
