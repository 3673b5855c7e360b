import ts from "typescript";
import { bare } from "../../project/syntax.js";
import type { Scopes } from "../scopes.js";

/** A lock is taken because it was seen to be free. */
export interface LockCheck {
  readonly acquire: ts.CallExpression;
  readonly lock: string;
  readonly check: ts.Node;
}

const acquires = new Set([
  "lock",
  "acquire",
  "rLock",
  "acquireRead",
  "withLock",
  "withRLock",
  "runExclusive",
]);

/** `if (!mu.locked) await mu.lock()`, and an early return when it is locked. */
export function lockChecksOf(scopes: Scopes): LockCheck[] {
  return scopes.parts.calls.flatMap((call): LockCheck[] => {
    const callee = bare(call.expression);
    if (!ts.isPropertyAccessExpression(callee) || !acquires.has(callee.name.text)) return [];
    const lock = callee.expression.getText();
    const check = governing(call, lock, scopes);
    return check === undefined ? [] : [{ acquire: call, lock, check }];
  });
}

/** The check on which it depends that the call is reached. */
function governing(call: ts.CallExpression, lock: string, scopes: Scopes): ts.Node | undefined {
  for (let at: ts.Node = call; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    const found = (condition: ts.Expression, outcome: boolean) => {
      const check = isFree(condition, outcome, lock, scopes, 0);
      return check !== undefined && counts(check, call) ? check : undefined;
    };
    let check: ts.Node | undefined;
    if (ts.isIfStatement(parent) && parent.expression !== at)
      check = found(parent.expression, parent.thenStatement === at);
    else if (ts.isConditionalExpression(parent) && parent.condition !== at)
      check = found(parent.condition, parent.whenTrue === at);
    else if (ts.isBinaryExpression(parent) && parent.right === at) {
      const { kind } = parent.operatorToken;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) check = found(parent.left, true);
      else if (kind === ts.SyntaxKind.BarBarToken) check = found(parent.left, false);
    } else if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)) {
      for (const each of parent.statements) {
        if (each === at) break;
        if (ts.isIfStatement(each) && each.elseStatement === undefined && leaves(each.thenStatement))
          check = found(each.expression, false) ?? check;
      }
    }
    if (check !== undefined) return check;
    if (ts.isFunctionLike(at)) return undefined;
  }
  return undefined;
}

/** Where the condition comes out so, the lock was free: the part of it that says so. */
function isFree(
  expression: ts.Expression,
  outcome: boolean,
  lock: string,
  scopes: Scopes,
  depth: number,
): ts.Node | undefined {
  const node = bare(expression);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return isFree(node.operand, !outcome, lock, scopes, depth);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const both =
      kind === ts.SyntaxKind.AmpersandAmpersandToken
        ? true
        : kind === ts.SyntaxKind.BarBarToken
          ? false
          : undefined;
    if (both !== undefined)
      return both === outcome
        ? (isFree(node.left, outcome, lock, scopes, depth) ??
            isFree(node.right, outcome, lock, scopes, depth))
        : undefined;
    const right = bare(node.right).kind;
    const equal = kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.EqualsEqualsToken;
    if (equal && right === ts.SyntaxKind.FalseKeyword)
      return isFree(node.left, !outcome, lock, scopes, depth);
    if (equal && right === ts.SyntaxKind.TrueKeyword) return isFree(node.left, outcome, lock, scopes, depth);
    return undefined;
  }
  if (ts.isIdentifier(node) && depth < 3) {
    const declaration = scopes.bindingOf(node)?.declaration;
    return declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer &&
      ts.isIdentifier(declaration.name)
      ? isFree(declaration.initializer, outcome, lock, scopes, depth + 1)
      : undefined;
  }
  const asked = ts.isCallExpression(node) ? bare(node.expression) : node;
  if (outcome || !ts.isPropertyAccessExpression(asked)) return undefined;
  const isState = ts.isCallExpression(node)
    ? asked.name.text === "isLocked"
    : /^(?:locked|writerHeld)$/.test(asked.name.text);
  return isState && asked.expression.getText() === lock ? node : undefined;
}

/**
 * `isLocked()` of async-mutex is used to take the lock only when it is free, and rightly so as long as
 * nothing is awaited in between: its `acquire` takes a free mutex at once.
 */
function counts(check: ts.Node, call: ts.CallExpression): boolean {
  if (!ts.isCallExpression(check)) return true;
  let waits = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || node.end <= check.end || node.pos >= call.pos) return;
    if (ts.isAwaitExpression(node) && node.pos >= check.end && node.end <= call.pos) waits = true;
    ts.forEachChild(node, visit);
  };
  let around: ts.Node = call;
  while (around.parent !== undefined && !ts.isFunctionLike(around)) around = around.parent;
  ts.forEachChild(around, visit);
  return waits;
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isBreakStatement(last))
  );
}
