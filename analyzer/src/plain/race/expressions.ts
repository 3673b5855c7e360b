import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { compare, membership } from "./comparisons.js";
import { decides, isLogical, shortCircuit, test } from "./conditions.js";
import { acquired } from "./locking.js";
import { isAcquire } from "./names.js";
import { access, closure, identifier } from "./reading.js";
import type { State } from "./state.js";
import { assignment, unary } from "./updates.js";
import { constant, derived, type Taint, unknown } from "./values.js";
import { all, type Outcome, OutOfBudget, type Walker } from "./walker.js";

const K = ts.SyntaxKind;

export function evaluate(walker: Walker, expression: ts.Expression, state: State): Outcome[] {
  walker.budget -= 1;
  if (walker.budget < 0) throw new OutOfBudget();
  const node = bare(expression);
  if (ts.isIdentifier(node)) return [{ state, value: identifier(walker, node, state) }];
  if (node.kind === K.TrueKeyword) return [{ state, value: constant(true) }];
  if (node.kind === K.FalseKeyword || node.kind === K.NullKeyword) return [{ state, value: constant(false) }];
  if (ts.isNumericLiteral(node)) return [{ state, value: constant(Number(node.text) !== 0) }];
  if (ts.isStringLiteralLike(node)) return [{ state, value: constant(node.text !== "") }];
  if (node.kind === K.ThisKeyword) {
    const place = walker.places.of(node, state);
    return [{ state, value: { ...unknown, alias: place, truth: true } }];
  }
  if (isFunctionLiteral(node)) return [{ state, value: closure(walker, node, state) }];
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return access(walker, node, state);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return walker.call(node, state, false);
  if (ts.isAwaitExpression(node)) return waits(walker, node, state);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return unary(walker, node, state);
  if (ts.isBinaryExpression(node)) return binary(walker, node, state);
  if (ts.isConditionalExpression(node)) {
    return test(walker, node.condition, state).flatMap(({ state: at, outcome }) =>
      walker.evaluate(outcome ? node.whenTrue : node.whenFalse, at),
    );
  }
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) {
    return all(walker, parts(node), state).map((each) => ({
      ...each,
      value: { ...derived(each.values), truth: true },
    }));
  }
  if (ts.isClassLike(node)) return [{ state, value: unknown }];
  return all(walker, children(node), state).map(({ state: at, values }) => ({
    state: at,
    value: derived(values),
  }));
}

function waits(walker: Walker, node: ts.AwaitExpression, state: State): Outcome[] {
  const operand = bare(node.expression);
  const outcomes =
    ts.isCallExpression(operand) || ts.isNewExpression(operand)
      ? walker.call(operand, state, true)
      : walker.evaluate(operand, state);
  return outcomes.map(({ state: at, value }) => {
    const shared = value.alias !== undefined || value.origin === "shared";
    walker.suspend(at, node);
    if (shared && at.awaits !== undefined) at.awaits = { ...at.awaits, shared: true };
    if (ts.isCallExpression(operand) && isAcquire(operand)) acquired(at, operand);
    return {
      state: at,
      value: {
        ...value,
        alias: undefined,
        variable: undefined,
        truth: undefined,
        whenTrue: "other" as const,
        origin: shared ? ("shared" as const) : ("made" as const),
        // What a promise in a shared place resolves to is no older than the await.
        taints: ts.isCallExpression(operand) ? value.taints : shared ? [] : value.taints.map(answered),
        decided: [
          ...value.decided,
          ...[...at.decisions.values()].filter((each) => decides(each.condition, node)),
        ],
      },
    };
  });
}

/** `await promise`: what the promise was made from was handed to whoever answers. */
function answered(taint: Taint): Taint {
  return taint.strength === "derived" ? { ...taint, strength: "handed" } : taint;
}

function binary(walker: Walker, node: ts.BinaryExpression, state: State): Outcome[] {
  const { kind } = node.operatorToken;
  if (isAssignment(kind)) return assignment(walker, node, state);
  if (isLogical(kind)) return shortCircuit(walker, node, state);
  if (kind === K.CommaToken)
    return all(walker, [node.left, node.right], state).map(({ state: at, values }) => ({
      state: at,
      value: values[1] ?? unknown,
    }));
  return all(walker, [node.left, node.right], state).map(({ state: at, values }) => {
    const member = kind === K.InKeyword ? membership(walker, node, at) : undefined;
    if (member !== undefined) return { state: at, value: { ...member, alias: undefined } };
    const [left = unknown, right = unknown] = values;
    return { state: at, value: compare(walker, node, left, right, at) };
  });
}

function parts(node: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(node))
    return node.elements
      .map((each) => (ts.isSpreadElement(each) ? each.expression : each))
      .filter((each) => !ts.isOmittedExpression(each));
  return node.properties.flatMap((each): ts.Expression[] => {
    const computed =
      each.name !== undefined && ts.isComputedPropertyName(each.name) ? [each.name.expression] : [];
    if (ts.isPropertyAssignment(each)) return [...computed, each.initializer];
    if (ts.isSpreadAssignment(each)) return [each.expression];
    return ts.isShorthandPropertyAssignment(each) ? [each.name] : computed;
  });
}

/** The expressions that any other expression is made of, in the order of the text. */
function children(node: ts.Node): ts.Expression[] {
  const found: ts.Expression[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isExpression(child)) found.push(child);
    else if (!ts.isTypeNode(child) && !ts.isFunctionLike(child) && !ts.isClassLike(child))
      found.push(...children(child));
  });
  return found;
}
