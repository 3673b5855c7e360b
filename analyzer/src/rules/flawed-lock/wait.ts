import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { cellOf } from "./cell.js";

/** How a function waits for a cell to become free. */
export type Wait =
  /** For the promise that the cell holds: all who wait go on when it settles. */
  | { readonly how: "promise" }
  /** For a while, again and again. */
  | { readonly how: "poll" }
  /** Until somebody calls what was left in this container: `new Promise((resolve) => this.waiters.push(resolve))`. */
  | { readonly how: "woken"; readonly container: string };

const sleeping = /^(?:sleep|delay|wait|pause|setTimeout|setImmediate|timeout|tick|nextTick|scheduler)$/i;

/** Undefined where the await has nothing to do with the cell, or nobody can tell. */
export function waitOf(suspension: ts.Node, key: string, scopes: Scopes): Wait | undefined {
  if (!ts.isAwaitExpression(suspension)) return undefined;
  const operand = bare(suspension.expression);
  if (isPromiseItself(operand, key, scopes)) return { how: "promise" };
  if (!hangsOn(suspension, key, scopes)) return undefined;
  if (ts.isNewExpression(operand)) return waitOfPromise(operand, scopes);
  if (!ts.isCallExpression(operand)) return undefined;
  return sleeping.test(calledName(operand)) ? { how: "poll" } : undefined;
}

/** `await this.tail`, `await prev.catch(ignore)`, `await Promise.all([this.tail])`; not `await this.broker.close()`. */
function isPromiseItself(operand: ts.Expression, key: string, scopes: Scopes): boolean {
  const at = bare(operand);
  if (ts.isCallExpression(at) && cellOf(at, scopes)?.key !== key) {
    const callee = bare(at.expression);
    if (!ts.isPropertyAccessExpression(callee)) return false;
    if (/^(?:then|catch|finally)$/.test(callee.name.text))
      return isPromiseItself(callee.expression, key, scopes);
    const list = at.arguments[0] && bare(at.arguments[0]);
    if (callee.expression.getText() !== "Promise" || list === undefined) return false;
    return (
      ts.isArrayLiteralExpression(list) && list.elements.some((each) => isPromiseItself(each, key, scopes))
    );
  }
  if (ts.isPropertyAccessExpression(at) && cellOf(at, scopes)?.key !== key) return false;
  return mentions(at, key, scopes);
}

export function calledName(call: ts.CallExpression): string {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : "";
}

/** The cell itself, or a local constant that was read from it. */
export function mentions(node: ts.Node, key: string, scopes: Scopes, depth = 0): boolean {
  let found = false;
  const visit = (at: ts.Node): void => {
    if (found || ts.isTypeNode(at)) return;
    if (ts.isExpression(at) && cellOf(at, scopes)?.key === key) found = true;
    else if (ts.isIdentifier(at) && depth < 4) {
      const declaration = scopes.bindingOf(at)?.declaration;
      if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined)
        found =
          !isFunctionLiteral(bare(declaration.initializer)) &&
          !isWithin(node, declaration) &&
          mentions(declaration.initializer, key, scopes, depth + 1);
    }
    if (!found) ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}

export function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= node.pos && node.end <= outer.end;
}

/** Whether the await stands in a branch that is taken because of what the cell says. */
function hangsOn(node: ts.Node, key: string, scopes: Scopes): boolean {
  for (let at = node; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = at;
    const condition =
      (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) &&
      parent.expression !== at
        ? parent.expression
        : ts.isForStatement(parent) && parent.statement === at
          ? parent.condition
          : ts.isConditionalExpression(parent) && parent.condition !== at
            ? parent.condition
            : ts.isBinaryExpression(parent) && parent.right === at
              ? parent.left
              : undefined;
    if (condition !== undefined && mentions(condition, key, scopes)) return true;
  }
  return false;
}

/** `new Promise((resolve) => setTimeout(resolve, 10))`, `new Promise((resolve) => this.waiters.push(resolve))`. */
function waitOfPromise(made: ts.NewExpression, scopes: Scopes): Wait | undefined {
  const kept = keptResolver(made, scopes);
  if (kept !== undefined) return { how: "woken", container: kept };
  const executor = made.arguments?.[0] && bare(made.arguments[0]);
  if (executor === undefined || !isFunctionLiteral(executor)) return undefined;
  let timer = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && sleeping.test(calledName(node))) timer = true;
    ts.forEachChild(node, visit);
  };
  visit(executor.body);
  return timer ? { how: "poll" } : undefined;
}

const keeping = new Set(["push", "unshift", "add", "enqueue", "append", "addLast", "pushBack", "once"]);

/** The key of the container that an executor leaves its `resolve` in. */
export function keptResolver(made: ts.NewExpression, scopes: Scopes): string | undefined {
  if (!ts.isIdentifier(made.expression) || made.expression.text !== "Promise") return undefined;
  const executor = made.arguments?.[0] && bare(made.arguments[0]);
  if (executor === undefined || !isFunctionLiteral(executor)) return undefined;
  const settlers = new Set(executor.parameters.map((each) => each.name.getText()));
  let kept: string | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      const keeps = ts.isPropertyAccessExpression(callee) && keeping.has(callee.name.text);
      const isMap = ts.isPropertyAccessExpression(callee) && callee.name.text === "set";
      if ((keeps || isMap) && node.arguments.some((each) => names(each, settlers)))
        kept ??= cellOf(callee.expression, scopes)?.key;
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const target = cellOf(node.left, scopes);
      if (target !== undefined && names(node.right, settlers)) kept ??= target.owner;
    }
    ts.forEachChild(node, visit);
  };
  visit(executor.body);
  return kept;
}

function names(node: ts.Node, wanted: ReadonlySet<string>): boolean {
  let found = false;
  const visit = (at: ts.Node): void => {
    if (ts.isIdentifier(at) && wanted.has(at.text)) found = true;
    ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}

export function awaitsIn(body: ts.Node): ts.AwaitExpression[] {
  const found: ts.AwaitExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isAwaitExpression(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
