import ts from "typescript";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";

/**
 * How many may hold a lock that is made of permits; undefined where the text does not say. Of a recursive
 * mutex there is one.
 */
export function permitsOf(place: Place, snapshot: Snapshot): number | undefined {
  const declaration = place.field?.declaration;
  const isKept =
    declaration !== undefined &&
    (ts.isPropertyDeclaration(declaration) || ts.isVariableDeclaration(declaration));
  const made = isKept && declaration.initializer ? bare(declaration.initializer) : undefined;
  if (made === undefined || !ts.isNewExpression(made) || !place.field?.constant) return undefined;
  const kind = snapshot.constructed(made)?.model.kind;
  if (kind === "recursive-mutex") return 1;
  const size = made.arguments?.[0];
  return kind === "semaphore" && size ? constantOf(size, snapshot) : undefined;
}

/** A number in the text: a literal, or a constant that is one. */
export function constantOf(expression: ts.Expression, snapshot: Snapshot, depth = 0): number | undefined {
  const at = bare(expression);
  if (ts.isNumericLiteral(at)) return Number(at.text);
  if (ts.isBinaryExpression(at) && depth < 4) {
    const [left, right] = [at.left, at.right].map((each) => constantOf(each, snapshot, depth + 1));
    if (left === undefined || right === undefined) return undefined;
    switch (at.operatorToken.kind) {
      case ts.SyntaxKind.PlusToken:
        return left + right;
      case ts.SyntaxKind.MinusToken:
        return left - right;
      case ts.SyntaxKind.AsteriskToken:
        return left * right;
      default:
        return undefined;
    }
  }
  const name = ts.isPropertyAccessExpression(at) ? at.name : at;
  const variable = ts.isIdentifier(name) && depth < 4 ? snapshot.variableOf(name) : undefined;
  const declaration = variable?.constant ? variable.declaration : undefined;
  const holds =
    declaration !== undefined &&
    (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) &&
    declaration.initializer !== undefined;
  return holds && declaration.initializer
    ? constantOf(declaration.initializer, snapshot, depth + 1)
    : undefined;
}

/** Whether one task's hold keeps another one waiting. */
export function keepsOut(held: LockMode, wanted: LockMode, place: Place, snapshot: Snapshot): boolean {
  if (held === "permit" || wanted === "permit") return permitsOf(place, snapshot) === 1;
  return held === "write" || wanted === "write";
}
