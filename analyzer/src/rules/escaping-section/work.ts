import ts from "typescript";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { calledName } from "../flawed-lock/wait.js";

/** The calls whose promises a returned expression hands on: `save()`, `ok ? save() : drop()`, `load().then(parse)`. */
export function startedBy(expression: ts.Expression): ts.CallExpression[] {
  const at = bare(expression);
  if (ts.isConditionalExpression(at)) return [...startedBy(at.whenTrue), ...startedBy(at.whenFalse)];
  if (
    ts.isBinaryExpression(at) &&
    (at.operatorToken.kind === ts.SyntaxKind.BarBarToken ||
      at.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
      at.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
  )
    return startedBy(at.right);
  if (!ts.isCallExpression(at)) return [];
  const callee = bare(at.expression);
  if (ts.isPropertyAccessExpression(callee) && /^(?:then|catch|finally)$/.test(callee.name.text))
    return startedBy(callee.expression);
  return [at];
}

/** Whether the work goes on after its first synchronous stretch: it waits for something other than the time. */
export function outlivesItsCall(body: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isAwaitExpression(node)) {
      const operand = bare(node.expression);
      if (!(ts.isCallExpression(operand) && /^(?:sleep|delay|setTimeout)$/.test(calledName(operand))))
        found = true;
    }
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) found = true;
    ts.forEachChild(node, visit);
  };
  if (ts.isBlock(body)) ts.forEachChild(body, visit);
  else visit(body);
  return found;
}

/** Names of fields and outer variables that are written after the first suspension. */
export function writtenAfterwards(body: ts.Node): Set<string> {
  const names = new Set<string>();
  const own = new Set<string>();
  let waited = false;
  const note = (target: ts.Expression): void => {
    let at = bare(target);
    // `this.table[key] = value` writes to the table.
    while (ts.isElementAccessExpression(at)) at = bare(at.expression);
    if (ts.isPropertyAccessExpression(at) && bare(at.expression).kind === ts.SyntaxKind.ThisKeyword)
      names.add(at.name.text);
    else if (ts.isIdentifier(at) && !own.has(at.text)) names.add(at.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) own.add(node.name.text);
    if (ts.isBinaryExpression(node) && isWriting(node)) {
      visit(node.right);
      if (waited) note(node.left);
      return;
    }
    ts.forEachChild(node, visit);
    if (ts.isAwaitExpression(node)) waited = true;
    if (!waited) return;
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const { operator } = node;
      if (operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken)
        note(node.operand);
    } else if (ts.isCallExpression(node) && mutating.test(calledName(node))) {
      const callee = bare(node.expression);
      if (ts.isPropertyAccessExpression(callee)) note(callee.expression);
    }
  };
  visit(body);
  return names;
}

const mutating = /^(?:set|delete|add|clear|push|pop|shift|unshift|splice)$/;

function isWriting(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether a name is used in a node, as a field or a variable. */
export function usesName(node: ts.Node, wanted: ReadonlySet<string>): string | undefined {
  let found: string | undefined;
  const visit = (at: ts.Node): void => {
    if (ts.isIdentifier(at) && wanted.has(at.text)) found ??= at.text;
    if (found === undefined) ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}

/** `return` statements of the function itself within a node. */
export function returnsIn(node: ts.Node): ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  const visit = (at: ts.Node): void => {
    if (ts.isFunctionLike(at) || ts.isClassLike(at)) return;
    if (ts.isReturnStatement(at)) found.push(at);
    else ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}

/** `const p = this.load(); return p;`: the value behind the name. */
export function behind(
  expression: ts.Expression,
  declarationOf: (name: ts.Identifier) => ts.Node | undefined,
): ts.Expression {
  const at = bare(expression);
  if (!ts.isIdentifier(at)) return at;
  const declaration = declarationOf(at);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return at;
  if (!(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return at;
  const value = declaration.initializer && bare(declaration.initializer);
  return value !== undefined && !isFunctionLiteral(value) ? value : at;
}
