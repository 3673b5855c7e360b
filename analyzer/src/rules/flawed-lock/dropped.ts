import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import type { PlainContext, Report } from "../rule.js";
import { cellOf } from "./cell.js";
import { localBody } from "./release.js";
import { calledName, keptResolver, mentions } from "./wait.js";

/** Containers of those who wait that are emptied without a word to them. */
export function* droppedWaiters({ scopes }: PlainContext): Iterable<Report> {
  const containers = waiting(scopes);
  if (containers.size === 0) return;
  for (const { node, key, text } of clearings(containers, scopes)) {
    const unit = enclosingFunction(node);
    if (ts.isSourceFile(unit) || ts.isConstructorDeclaration(unit)) continue;
    if (isSeenTo(unit, node, key, scopes)) continue;
    yield {
      node,
      message: `\`${text}\` is emptied here, and the promises of those who wait in it never settle`,
      related: [{ node: containers.get(key) as ts.Node, message: "their resolve functions are kept here" }],
    };
  }
}

/** By the container's key: the promise whose resolve function is its only way to settle. */
function waiting(scopes: Scopes): Map<string, ts.Node> {
  const found = new Map<string, ts.Node>();
  for (const made of scopes.parts.constructions) {
    const key = keptResolver(made, scopes);
    if (key !== undefined && !found.has(key) && !settlesOtherwise(made)) found.set(key, made);
  }
  return found;
}

/** A timer or a signal of its own ends the wait as well. */
function settlesOtherwise(made: ts.NewExpression): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:setTimeout|addEventListener|once|on)$/.test(calledName(node)))
      found = true;
    ts.forEachChild(node, visit);
  };
  visit(made);
  return found;
}

interface Clearing {
  readonly node: ts.Expression;
  readonly key: string;
  readonly text: string;
}

/** `this.queue = []`, `this.queue.length = 0`, `this.queue.clear()`. */
function clearings(containers: ReadonlyMap<string, ts.Node>, scopes: Scopes): Clearing[] {
  const { writes, calls } = scopes.parts;
  return [...writes, ...calls]
    .flatMap((node): Clearing[] => {
      const target = emptied(node);
      const cell = target && cellOf(target, scopes);
      return cell !== undefined && containers.has(cell.key) ? [{ node, key: cell.key, text: cell.text }] : [];
    })
    .sort((a, b) => a.node.pos - b.node.pos);
}

function emptied(node: ts.Expression): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const left = bare(node.left);
    if (isEmpty(node.right)) return left;
    const isLength = ts.isPropertyAccessExpression(left) && left.name.text === "length";
    return isLength && isZero(node.right) ? left.expression : undefined;
  }
  if (!ts.isCallExpression(node) || node.arguments.length > 0 || calledName(node) !== "clear")
    return undefined;
  const callee = bare(node.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
}

function isEmpty(value: ts.Expression): boolean {
  const at = bare(value);
  if (ts.isArrayLiteralExpression(at)) return at.elements.length === 0;
  if (ts.isObjectLiteralExpression(at)) return at.properties.length === 0;
  return ts.isNewExpression(at) && (at.arguments === undefined || at.arguments.length === 0);
}

function isZero(value: ts.Expression): boolean {
  const at = bare(value);
  return ts.isNumericLiteral(at) && at.text === "0";
}

/** The function, or one that it calls, does something with what is in the container. */
function isSeenTo(unit: ts.Node, clearing: ts.Node, key: string, scopes: Scopes, depth = 1): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || node === clearing) return;
    if (ts.isExpression(node) && cellOf(node, scopes)?.key === key && !isCount(node)) found = true;
    else if (ts.isCallExpression(node) && depth > 0) {
      const body = localBody(node.expression, scopes);
      if (body !== undefined && body !== unit && mentions(body, key, scopes))
        found = isSeenTo(body, clearing, key, scopes, depth - 1);
    }
    if (!found) ts.forEachChild(node, visit);
  };
  visit(unit);
  return found;
}

/** `this.queue.length`, `this.queue.size`: how many is not who. */
function isCount(node: ts.Expression): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && /^(?:length|size)$/.test(parent.name.text);
}
