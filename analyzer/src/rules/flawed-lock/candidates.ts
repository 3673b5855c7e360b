import ts from "typescript";
import type { Unit } from "../../plain/parts.js";
import type { Scopes } from "../../plain/scopes.js";
import { isAsync } from "../../project/syntax.js";
import { cellOf, isShared } from "./cell.js";
import { writeOf } from "./writes.js";

const replacing = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.PlusEqualsToken,
  ts.SyntaxKind.MinusEqualsToken,
  ts.SyntaxKind.PlusPlusToken,
  ts.SyntaxKind.MinusMinusToken,
]);

/** From where on, and up to where, the text runs before or after a suspension: all of a loop does both. */
interface Break {
  readonly from: number;
  readonly to: number;
}

/**
 * Shared cells that an async function may look at, be suspended, and then take: by the order of the text
 * alone, so that its paths are followed only for these.
 */
export function candidates(unit: Unit, scopes: Scopes): Iterable<string> {
  const { body, awaits, suspensions, writes } = unit;
  if (awaits.length === 0 || writes.length === 0 || !isAsync(body)) return [];
  const breaks = suspensions.map((each) => breakAt(each, body.body));
  /** By the cell's key: how far the suspensions reach that come before a write to it. */
  const reach = new Map<string, number>();
  for (const node of writes) {
    const before = breaks.filter(({ from }) => from < node.end);
    if (before.length === 0 || node === body.body) continue;
    const write = writeOf(node, scopes);
    if (write === undefined || write.kind === "clear" || !isShared(write.cell, body)) continue;
    const { key } = write.cell;
    reach.set(key, Math.max(reach.get(key) ?? 0, ...before.map(({ to }) => to)));
  }
  if (reach.size === 0) return [];
  const looked = looks(body.body, Math.max(...reach.values()), scopes);
  return [...reach].flatMap(([key, to]) => ((looked.get(key) ?? Number.POSITIVE_INFINITY) < to ? [key] : []));
}

function breakAt(suspension: ts.Node, body: ts.Node): Break {
  let whole = suspension;
  for (let at = suspension; at !== body && at.parent !== undefined; at = at.parent)
    if (ts.isIterationStatement(at, false)) whole = at;
  return { from: whole.pos, to: whole.end };
}

/** By the cell's key: where it is first looked at, up to a position. */
function looks(body: ts.Node, to: number, scopes: Scopes): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (node.pos >= to || ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return;
    if (isPath(node) && !isTarget(node)) {
      const key = cellOf(node, scopes)?.key;
      if (key !== undefined && !found.has(key)) found.set(key, node.pos);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function isPath(node: ts.Node): node is ts.Expression {
  return (
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node)
  );
}

/** Written rather than looked at. */
function isTarget(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && replacing.has(parent.operatorToken.kind);
  return (
    (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
    replacing.has(parent.operator)
  );
}
