import ts from "typescript";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { type Draft, write } from "./draft.js";

/** The target of an assignment, or what a method changes. */
export function written(draft: Draft, target: ts.Node, end: number, reading: boolean): void {
  const left = ts.isExpression(target) ? bare(target) : target;
  if (ts.isPropertyAccessExpression(left)) write(draft, left.name.text, end, reading);
  else if (ts.isIdentifier(left)) {
    if (!isOwn(draft, left)) write(draft, left.text, end, reading);
  } else if (ts.isElementAccessExpression(left)) {
    if (ts.isStringLiteralLike(left.argumentExpression))
      write(draft, left.argumentExpression.text, end, reading);
    written(draft, left.expression, end, reading);
    changedByName(draft, left.expression, end);
  } else if (!ts.isFunctionLike(left)) ts.forEachChild(left, (child) => written(draft, child, end, reading));
}

/** What is done to a local variable is done to what it stands for. */
export function changedByName(draft: Draft, receiver: ts.Expression, end: number): void {
  const node = bare(receiver);
  if (!ts.isIdentifier(node) || !isOwn(draft, node)) return;
  const declaration = draft.scopes.bindingOf(node)?.declaration;
  if (declaration === undefined) return;
  if (ts.isParameter(declaration) && declaration.parent === draft.body) draft.changesArguments = true;
  else if (!isLoopOrCaught(declaration) && !isMadeAs(declaration)) write(draft, undefined, end, false);
}

/** `for (const each of list)`, `catch (error)`: no other name for something shared. */
function isLoopOrCaught(declaration: ts.Node): boolean {
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return false;
  const list = declaration.parent;
  return ts.isCatchClause(list) || ts.isForOfStatement(list.parent);
}

/** `const found = []`: a new object, and the only name of it to begin with. */
export function isMadeAs(declaration: ts.Node): boolean {
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return false;
  const { parent: list, initializer } = declaration;
  return (
    (list.flags & ts.NodeFlags.Const) !== 0 && initializer !== undefined && isNewObject(bare(initializer))
  );
}

export function isNewObject(value: ts.Expression): boolean {
  return (
    ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value) || ts.isNewExpression(value)
  );
}

/** A variable of the function that no other function uses. */
function isOwn({ body, scopes }: Draft, node: ts.Identifier): boolean {
  const binding = scopes.bindingOf(node);
  if (binding === undefined || !(binding.home.pos >= body.pos && binding.home.end <= body.end)) return false;
  return binding.home === body
    ? !binding.uses.some((use) => enclosingFunction(use) !== body)
    : enclosingFunction(node) === binding.home;
}
