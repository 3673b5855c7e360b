import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare } from "../../project/syntax.js";
import { type Cell, cellOf, entryOf } from "./cell.js";

/**
 * `take`: the cell is set to something that says "taken": true, a promise, one more. `up` and `down` count;
 * which of them takes depends on what the other does. `clear`: back to nothing.
 */
export interface CellWrite {
  readonly cell: Cell;
  readonly kind: "take" | "clear" | "up" | "down";
  readonly node: ts.Expression;
  /** What is written; undefined for steps and deletions. */
  readonly value: ts.Expression | undefined;
}

export function writeOf(node: ts.Node, scopes: Scopes): CellWrite | undefined {
  if (ts.isBinaryExpression(node)) return assigned(node, scopes);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const kind =
      node.operator === ts.SyntaxKind.PlusPlusToken
        ? "up"
        : node.operator === ts.SyntaxKind.MinusMinusToken
          ? "down"
          : undefined;
    const cell = kind && cellOf(node.operand, scopes);
    return cell && kind && { cell, kind, node, value: undefined };
  }
  if (ts.isDeleteExpression(node)) {
    const cell = cellOf(node.expression, scopes);
    return cell && { cell, kind: "clear", node, value: undefined };
  }
  return ts.isCallExpression(node) ? called(node, scopes) : undefined;
}

function assigned(node: ts.BinaryExpression, scopes: Scopes): CellWrite | undefined {
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.PlusEqualsToken || operator === ts.SyntaxKind.MinusEqualsToken) {
    const cell = cellOf(node.left, scopes);
    const kind = operator === ts.SyntaxKind.PlusEqualsToken ? "up" : "down";
    return cell && { cell, kind, node, value: undefined };
  }
  if (operator !== ts.SyntaxKind.EqualsToken) return undefined;
  const cell = cellOf(node.left, scopes);
  if (cell === undefined) return undefined;
  const kind = stepOf(cell, node.right, scopes) ?? kindOf(node.right);
  return kind && { cell, kind, node, value: kind === "take" ? node.right : undefined };
}

/** `this.active = this.active + 1` */
function stepOf(cell: Cell, value: ts.Expression, scopes: Scopes): "up" | "down" | undefined {
  const at = bare(value);
  if (!ts.isBinaryExpression(at) || cellOf(at.left, scopes)?.key !== cell.key) return undefined;
  if (at.operatorToken.kind === ts.SyntaxKind.PlusToken) return "up";
  return at.operatorToken.kind === ts.SyntaxKind.MinusToken ? "down" : undefined;
}

/** `locks.set(key, value)`, `busy.add(key)`, `locks.delete(key)`. */
function called(node: ts.CallExpression, scopes: Scopes): CellWrite | undefined {
  const callee = bare(node.expression);
  const [key, value] = node.arguments;
  if (!ts.isPropertyAccessExpression(callee) || key === undefined) return undefined;
  const method = callee.name.text;
  if (method !== "set" && method !== "add" && method !== "delete") return undefined;
  if ((method === "set") !== (value !== undefined)) return undefined;
  const cell = entryOf(callee.expression, key, scopes);
  if (cell === undefined) return undefined;
  if (method === "delete") return { cell, kind: "clear", node, value: undefined };
  const kind = value === undefined ? "take" : kindOf(value);
  return kind && { cell, kind, node, value };
}

function kindOf(value: ts.Expression): CellWrite["kind"] | undefined {
  const at = bare(value);
  if (isNothing(at)) return "clear";
  if (at.kind === ts.SyntaxKind.TrueKeyword || ts.isNewExpression(at)) return "take";
  return isPromiseLike(at) ? "take" : undefined;
}

export function isNothing(expression: ts.Expression): boolean {
  const at = bare(expression);
  return (
    at.kind === ts.SyntaxKind.FalseKeyword ||
    at.kind === ts.SyntaxKind.NullKeyword ||
    ts.isVoidExpression(at) ||
    (ts.isIdentifier(at) && at.text === "undefined") ||
    (ts.isNumericLiteral(at) && at.text === "0")
  );
}

/** By its looks: a call, something made from one, a variable. */
function isPromiseLike(at: ts.Expression): boolean {
  return ts.isCallExpression(at) || ts.isIdentifier(at);
}
