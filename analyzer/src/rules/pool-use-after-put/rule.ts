import ts from "typescript";
import { syntaxOf } from "../../facts/syntax-index.js";
import { isAssignment } from "../../project/assignments.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { bare, enclosingFunction, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { calledName, eventOf, isInside } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";
import { following } from "./following.js";

export const poolUseAfterPut: Rule = {
  id: "pool-use-after-put",
  title: "Somebody else's object by now",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      const object = putBack(call, context);
      if (object !== undefined) yield* usesAfter(call, object, context);
    }
  },
};

/** The object that a call gives back: to a pool, or to a function that gives its parameter back. */
function putBack(call: ts.CallExpression, { snapshot }: RuleContext): ts.Expression | undefined {
  const [first] = call.arguments;
  if (first === undefined) return undefined;
  if (calledName(call) === "put" && eventOf(call, snapshot) === "pool-put") return named(first);
  if (!call.arguments.some(named)) return undefined;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "body" || !syntaxOf(callee.declaration.getSourceFile()).names.has("put"))
    return undefined;
  const index = call.arguments.findIndex((_, position) =>
    putsParameter(callee.declaration, position, snapshot),
  );
  const given = call.arguments[index];
  return given && named(given);
}

/** A variable, or a field of `this`. */
function named(expression: ts.Expression): ts.Expression | undefined {
  const at = bare(expression);
  if (ts.isIdentifier(at)) return at;
  const isField = ts.isPropertyAccessExpression(at) && at.expression.kind === ts.SyntaxKind.ThisKeyword;
  return isField ? at : undefined;
}

/** `release(buffer) { pool.put(buffer); }`: on every path, as a statement of the function itself. */
function putsParameter(body: FunctionWithBody, index: number, snapshot: Snapshot): boolean {
  const parameter = body.parameters[index];
  if (parameter === undefined || !ts.isIdentifier(parameter.name)) return false;
  const name = parameter.name.text;
  const isPut = (node: ts.Expression): boolean => {
    const at = bare(node);
    if (!ts.isCallExpression(at) || calledName(at) !== "put") return false;
    const given = at.arguments[0] && bare(at.arguments[0]);
    return given?.getText() === name && eventOf(at, snapshot) === "pool-put";
  };
  if (!ts.isBlock(body.body)) return isPut(body.body as ts.Expression);
  return body.body.statements.some((each) => ts.isExpressionStatement(each) && isPut(each.expression));
}

function* usesAfter(put: ts.CallExpression, object: ts.Expression, context: RuleContext): Iterable<Report> {
  const scope = scopeOf(object, context.snapshot);
  if (scope === undefined || !runsInOrder(put)) return;
  const isField = !ts.isIdentifier(object);
  const conditional = isConditional(put, scope);
  for (const node of following(put, scope)) {
    const found = firstUse(node, object, context.snapshot);
    if (found?.use !== undefined && !isHanging(found.use, node, conditional)) {
      const second = putOf(found.use, context);
      yield {
        node: second ?? found.use,
        message: second
          ? `\`${object.getText()}\` is put back a second time: the pool gives it to two owners`
          : `\`${object.getText()}\` went back to its pool at line ${lineOf(put)}: somebody else may have it by now`,
        related: [{ node: put, message: "it is put back here" }],
      };
      return;
    }
    if (found !== undefined) return;
    // While the task waits, others may give the field another object.
    if (isField && mayChange(node)) return;
  }
}

/** Where the variable is declared; for a field, its function. */
function scopeOf(object: ts.Expression, snapshot: Snapshot): ts.Node | undefined {
  if (!ts.isIdentifier(object)) return enclosingFunction(object);
  const declaration = snapshot.variableOf(object)?.declaration;
  if (declaration === undefined || enclosingFunction(declaration) === enclosingFunction(object))
    return declaration;
  return ts.isParameter(declaration) ? declaration : undefined;
}

/** A put in a `defer`, or in a condition's operand, runs at another time than its text says. */
function runsInOrder(put: ts.CallExpression): boolean {
  let { parent } = meaningfulParent(put);
  if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent)) parent = parent.parent;
  return ts.isExpressionStatement(parent);
}

function isConditional(put: ts.Node, scope: ts.Node): boolean {
  for (let at = put; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    if (isInside(scope, at.parent)) return false;
    if (ts.isIfStatement(at.parent) || ts.isCaseOrDefaultClause(at.parent) || ts.isCatchClause(at.parent))
      return true;
  }
  return false;
}

interface Found {
  /** Undefined where the variable is given another object first. */
  readonly use: ts.Expression | undefined;
}

/** The first place in the order of the text at which the object is used or replaced. */
function firstUse(root: ts.Node, object: ts.Expression, snapshot: Snapshot): Found | undefined {
  const text = object.getText();
  const id = ts.isIdentifier(object) ? snapshot.variableOf(object)?.id : undefined;
  const isObject = (node: ts.Node): node is ts.Expression =>
    node.kind === object.kind &&
    node.getText() === text &&
    !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
    (id === undefined || snapshot.variableOf(node as ts.Identifier)?.id === id);
  const visit = (node: ts.Node): Found | undefined => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const before = visit(node.right);
      if (before !== undefined) return before;
      if (isObject(bare(node.left)) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
        return { use: undefined };
      return visit(node.left);
    }
    if (ts.isForOfStatement(node) && isObject(node.initializer)) return { use: undefined };
    if (isObject(node)) return isLookedAt(node) ? undefined : { use: node };
    return ts.forEachChild(node, visit);
  };
  return visit(root);
}

/** Comparing an object with another does not touch it. */
function isLookedAt(node: ts.Expression): boolean {
  const { parent } = meaningfulParent(node);
  if (ts.isTypeOfExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.EqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsToken
  );
}

/** Put on one condition and used on another: they may exclude each other. */
function isHanging(use: ts.Node, root: ts.Node, conditional: boolean): boolean {
  if (!conditional) return false;
  for (let at = use; at !== root && at.parent !== undefined; at = at.parent) {
    if (
      ts.isIfStatement(at.parent) ||
      ts.isConditionalExpression(at.parent) ||
      ts.isCaseOrDefaultClause(at.parent)
    )
      return true;
  }
  return false;
}

/** The call that puts it back again, if that is what the use is. */
function putOf(use: ts.Expression, context: RuleContext): ts.CallExpression | undefined {
  const { parent, child } = meaningfulParent(use);
  if (!ts.isCallExpression(parent) || !parent.arguments.includes(child as ts.Expression)) return undefined;
  return putBack(parent, context) === use ? parent : undefined;
}

function mayChange(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isCallExpression(node) && /\bthis\b/.test(node.expression.getText())) return true;
  return isFunctionLiteral(node) ? false : (ts.forEachChild(node, mayChange) ?? false);
}
