import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import { bare, isAsync, isFunctionLiteral } from "../project/syntax.js";
import { isDirectTarget, noteAccess } from "./accesses.js";
import { assign, lowerAssignment } from "./assigned.js";
import type { CfgNode, Use } from "./cfg.js";
import { guardsIn } from "./guards.js";
import { isHarmlessConstruction } from "./harmless.js";
import { evaluatedChildren, type Flow, type Lowering, sequence, suspend } from "./lowering.js";
import { lowerQuery, noteValue } from "./values.js";

export function lowerExpression(
  l: Lowering,
  expression: ts.Expression,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  const at = bare(expression);
  if (ts.isAwaitExpression(at))
    return lowerAwait(l, at.expression, next, flow, use === "dropped" ? "awaited" : "kept");
  if (ts.isCallExpression(at)) return l.call(at, next, flow, use);
  if (isFunctionLiteral(at))
    return guardsIn(l, at, l.node({ kind: "closure", body: at, returned: use === "returned" }, next));
  if (ts.isConditionalExpression(at)) {
    return l.condition(
      at.condition,
      l.expression(at.whenTrue, next, flow, use),
      l.expression(at.whenFalse, next, flow, use),
      flow,
    );
  }
  if (ts.isBinaryExpression(at)) return lowerBinary(l, at, next, flow, use);
  if (ts.isVoidExpression(at)) return l.expression(at.expression, next, flow, "dropped");
  if (ts.isIdentifier(at)) return noteValue(l, at, next, use);
  if (ts.isNewExpression(at)) return lowerNew(l, at, next, flow);
  if (ts.isPropertyAccessExpression(at))
    return lowerReceiver(l, at.expression, noteValue(l, at, next, use), flow);
  if (ts.isPrefixUnaryExpression(at) || ts.isPostfixUnaryExpression(at)) {
    const steps =
      at.operator === ts.SyntaxKind.PlusPlusToken || at.operator === ts.SyntaxKind.MinusMinusToken;
    return l.expression(at.operand, steps ? assign(l, at.operand, undefined, next) : next, flow, "value");
  }
  if (ts.isYieldExpression(at)) {
    const suspended = suspend(l, at, next, flow, true);
    return at.expression ? l.expression(at.expression, suspended, flow, "value") : suspended;
  }
  if (ts.isObjectLiteralExpression(at)) return lowerObject(l, at, next, flow);
  if (ts.isClassExpression(at)) return next;
  if (ts.isArrayLiteralExpression(at)) return sequence(l, evaluatedChildren(at), next, flow, use);
  return sequence(l, evaluatedChildren(at), next, flow, "value");
}

/** Evaluates what a method is called on: naming a lock or a guard is not handing it over. */
export function lowerReceiver(l: Lowering, expression: ts.Expression, next: CfgNode, flow: Flow): CfgNode {
  const at = bare(expression);
  if (ts.isIdentifier(at)) return isDirectTarget(at) ? next : noteAccess(l, at, next);
  if (ts.isPropertyAccessExpression(at)) {
    const accessed = isDirectTarget(at) ? next : noteAccess(l, at, next);
    return lowerReceiver(l, at.expression, lowerQuery(l, at, accessed), flow);
  }
  return l.expression(at, next, flow, "value");
}

function lowerAwait(l: Lowering, operand: ts.Expression, next: CfgNode, flow: Flow, use: Use): CfgNode {
  const awaited = bare(operand);
  if (ts.isCallExpression(awaited)) return l.call(awaited, next, flow, use);
  if (ts.isConditionalExpression(awaited)) {
    const either = (branch: ts.Expression) => lowerAwait(l, branch, next, flow, use);
    return l.condition(awaited.condition, either(awaited.whenTrue), either(awaited.whenFalse), flow);
  }
  const request = ts.isIdentifier(awaited) ? storedCall(l, awaited) : undefined;
  if (request !== undefined) return l.call(request, next, flow, use);
  return l.expression(awaited, suspend(l, operand, next, flow, true), flow, "value");
}

/** `const granted = mu.lock(); …; await granted`: the lock is ours from the await on. */
function storedCall(l: Lowering, name: ts.Identifier): ts.CallExpression | undefined {
  const variable = l.snapshot.variableOf(name);
  const declaration = variable?.constant ? variable.declaration : undefined;
  if (
    declaration === undefined ||
    !ts.isVariableDeclaration(declaration) ||
    declaration.initializer === undefined
  )
    return undefined;
  const initializer = bare(declaration.initializer);
  if (!ts.isCallExpression(initializer)) return undefined;
  const callee = l.snapshot.calleeOf(initializer);
  return callee.kind === "method" && (callee.operation.op === "acquire" || callee.operation.op === "wg-wait")
    ? initializer
    : undefined;
}

function lowerBinary(l: Lowering, at: ts.BinaryExpression, next: CfgNode, flow: Flow, use: Use): CfgNode {
  const operator = at.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) {
    return l.condition(at.left, l.expression(at.right, next, flow, use), next, flow);
  }
  if (operator === ts.SyntaxKind.BarBarToken) {
    return l.condition(at.left, next, l.expression(at.right, next, flow, use), flow);
  }
  if (operator === ts.SyntaxKind.QuestionQuestionToken) {
    const choice = l.node(
      { kind: "branch", condition: undefined, node: at.left },
      l.expression(at.right, next, flow, use),
      { alt: next },
    );
    return l.expression(at.left, choice, flow, "value");
  }
  if (operator === ts.SyntaxKind.CommaToken) {
    return l.expression(at.left, l.expression(at.right, next, flow, use), flow, "dropped");
  }
  if (isAssignment(operator)) {
    if (operator === ts.SyntaxKind.EqualsToken)
      return lowerReceiver(l, at.left, lowerAssignment(l, at, next, flow), flow);
    const assigned = assign(l, at.left, undefined, next);
    return lowerReceiver(l, at.left, l.expression(at.right, assigned, flow, "value"), flow);
  }
  // Comparing a guard or a lock is not handing it over.
  return lowerReceiver(l, at.left, lowerReceiver(l, at.right, next, flow), flow);
}

function lowerNew(l: Lowering, at: ts.NewExpression, next: CfgNode, flow: Flow): CfgNode {
  const [first, ...others] = at.arguments ?? [];
  const made = isHarmlessConstruction(at, l.snapshot)
    ? next
    : l.node({ kind: "may-throw", node: at, forgets: true }, next, { onThrow: flow.throwTo() });
  // A promise's executor runs at once; what it throws rejects the promise.
  const isPromise = ts.isIdentifier(at.expression) && at.expression.text === "Promise";
  if (isPromise && first !== undefined && isFunctionLiteral(bare(first)) && !isAsync(bare(first))) {
    const body = l.snapshot.bodyOf(first);
    if (body !== undefined) return l.inline(body, made, { ...flow, throwTo: () => made });
  }
  return sequence(l, first === undefined ? [] : [first, ...others], made, flow, "value");
}

function lowerObject(l: Lowering, at: ts.ObjectLiteralExpression, next: CfgNode, flow: Flow): CfgNode {
  const methods = at.properties.filter(
    (property) => ts.isMethodDeclaration(property) && property.body !== undefined,
  );
  const after = methods.reduceRight(
    (n, method) => l.node({ kind: "closure", body: method as ts.MethodDeclaration & { body: ts.Block } }, n),
    next,
  );
  return sequence(l, evaluatedChildren(at), after, flow, "value");
}
