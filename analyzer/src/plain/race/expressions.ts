import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { branch, change, forget, opposite, read, write } from "./accesses.js";
import { acquired } from "./calls.js";
import { compare, membership } from "./comparisons.js";
import { isAcquire } from "./names.js";
import { assignTo } from "./patterns.js";
import { epochOf, fork, type State } from "./state.js";
import { constant, derived, unknown, type Value } from "./values.js";
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

/** The ways in which a condition comes out. */
export function test(
  walker: Walker,
  condition: ts.Expression,
  state: State,
  loop = false,
): { state: State; outcome: boolean }[] {
  const node = bare(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === K.ExclamationToken)
    return test(walker, node.operand, state, loop).map((each) => ({ ...each, outcome: !each.outcome }));
  if (ts.isBinaryExpression(node)) {
    const or = node.operatorToken.kind === K.BarBarToken;
    if (or || node.operatorToken.kind === K.AmpersandAmpersandToken)
      return test(walker, node.left, state, loop).flatMap((each) => {
        if (each.outcome === or) return [each];
        const ways = test(walker, node.right, each.state, loop);
        // Where the right side alone comes to the same as the left, the left has not decided it.
        forget(
          ways.filter(({ outcome }) => outcome === or).map((way) => way.state),
          node.left,
        );
        return ways;
      });
  }
  return walker.evaluate(node, state).flatMap(({ state: at, value }) =>
    [true, false].flatMap((outcome) => {
      const taken = branch(walker, outcome ? fork(at) : at, value, outcome, node, loop);
      return taken === undefined ? [] : [{ state: taken, outcome }];
    }),
  );
}

function identifier(walker: Walker, node: ts.Identifier, state: State): Value {
  const binding = walker.scopes.bindingOf(node);
  if (binding === undefined) return node.text === "undefined" ? constant(false) : unknown;
  const known = walker.places.isShared(node, binding) ? undefined : state.env.get(binding);
  if (known !== undefined) return { ...known, variable: { binding, negated: false } };
  const place = walker.places.of(node, state);
  if (place === undefined || binding.kind === "function") return unknown;
  const value = read(state, place, node);
  return binding.kind === "const" ? { ...value, taints: [] } : value;
}

/** What a closure reads when it is made or called: it may be either. */
function closure(walker: Walker, node: ts.ArrowFunction | ts.FunctionExpression, state: State): Value {
  const taints: Value["taints"][number][] = [];
  for (const at of mentionsOf(node)) {
    if (ts.isIdentifier(at)) {
      const binding = walker.scopes.bindingOf(at);
      const known = binding && state.env.get(binding);
      if (known !== undefined) taints.push(...known.taints);
    } else {
      const place = walker.places.of(at, state);
      if (place !== undefined && !isCallee(at)) state.reads.set(place.key, epochOf(state));
    }
  }
  return { ...unknown, truth: true, taints: derived([{ ...unknown, taints }]).taints };
}

type Mention = ts.Identifier | ts.PropertyAccessExpression;

const mentioned = new WeakMap<ts.Node, readonly Mention[]>();

/** The names and properties in a function literal, in the order of the text: many paths come to each literal. */
function mentionsOf(literal: ts.ArrowFunction | ts.FunctionExpression): readonly Mention[] {
  let known = mentioned.get(literal);
  if (known === undefined) {
    const found: Mention[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(literal.body);
    known = found;
    mentioned.set(literal, known);
  }
  return known;
}

function isCallee(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

function access(
  walker: Walker,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  state: State,
): Outcome[] {
  const getter = ts.isPropertyAccessExpression(node) ? walker.functions.getterOf(node) : undefined;
  if (getter !== undefined && !walker.stack.includes(getter) && walker.stack.length < 6)
    return walker.run(getter, [], state);
  const expressions = ts.isElementAccessExpression(node)
    ? [node.expression, node.argumentExpression]
    : [node.expression];
  return all(walker, receiverLess(walker, expressions, node, state), state).map(({ state: at, values }) => {
    const place = walker.places.of(node, at);
    if (ts.isPropertyAccessExpression(node) && node.name.text === "aborted") at.checked = epochOf(at);
    const whole = derived(values);
    if (place === undefined) return { state: at, value: whole };
    const through = rootOf(node);
    const binding = ts.isIdentifier(through) ? walker.scopes.bindingOf(through) : undefined;
    const known =
      binding && !walker.places.isShared(through as ts.Identifier, binding) && at.env.get(binding);
    if (!known) return { state: at, value: read(at, place, node) };
    // By way of a local: the object is the one that was read then, whatever stands in its place now.
    const seen = fork(at);
    const value = read(seen, place, node);
    return { state: at, value: { ...value, taints: [...derived([known]).taints, ...value.taints] } };
  });
}

function rootOf(node: ts.Expression): ts.Expression {
  let at = bare(node);
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = bare(at.expression);
  return at;
}

/** `this.a` of `this.a.b` is not read for itself when the whole names a place. */
function receiverLess(
  walker: Walker,
  expressions: readonly ts.Expression[],
  node: ts.Expression,
  state: State,
): readonly ts.Expression[] {
  return walker.places.of(node, state) === undefined ? expressions : [];
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
        taints: shared && !ts.isCallExpression(operand) ? [] : value.taints,
        decided: [
          ...value.decided,
          ...[...at.decisions.values()].filter((each) => decides(each.condition, node)),
        ],
      },
    };
  });
}

/** Whether the node comes to run because of the condition: `a || b` decides about b, not about what follows. */
function decides(condition: ts.Node, node: ts.Node): boolean {
  let at = condition;
  for (; ts.isExpression(at.parent); at = at.parent) {
    const { parent } = at;
    const logical =
      ts.isBinaryExpression(parent) &&
      (isLogical(parent.operatorToken.kind) || isAssignment(parent.operatorToken.kind));
    const chosen = ts.isConditionalExpression(parent) && parent.condition === at;
    if (!logical && !chosen && !ts.isPrefixUnaryExpression(parent) && bare(parent) === parent) break;
  }
  const { parent } = at;
  const statement = ts.isIfStatement(parent) || ts.isIterationStatement(parent, false);
  return statement || (node.pos >= at.pos && node.end <= at.end);
}

function isLogical(kind: ts.SyntaxKind): boolean {
  return kind === K.AmpersandAmpersandToken || kind === K.BarBarToken || kind === K.QuestionQuestionToken;
}

function unary(
  walker: Walker,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  state: State,
): Outcome[] {
  if (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken) {
    const operand = bare(node.operand);
    const place = walker.places.of(operand, state);
    if (ts.isIdentifier(operand)) {
      const binding = walker.scopes.bindingOf(operand);
      const known = binding && state.env.get(binding);
      if (binding !== undefined && known !== undefined && isLocal(walker, operand, state)) {
        state.env.set(binding, derived([known]));
        return [{ state, value: derived([known]) }];
      }
    }
    if (place !== undefined) change(walker, state, place, node);
    return [{ state, value: unknown }];
  }
  return walker.evaluate(node.operand, state).map(({ state: at, value }) => ({
    state: at,
    value:
      node.operator === K.ExclamationToken
        ? {
            ...value,
            alias: undefined,
            whenTrue: opposite(value.whenTrue),
            truth: value.truth === undefined ? undefined : !value.truth,
            variable: value.variable && { ...value.variable, negated: !value.variable.negated },
          }
        : derived([value]),
  }));
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

function shortCircuit(walker: Walker, node: ts.BinaryExpression, state: State): Outcome[] {
  const { kind } = node.operatorToken;
  return walker.evaluate(node.left, state).flatMap(({ state: at, value }) => {
    const goesOn = kind === K.AmpersandAmpersandToken;
    const other = branch(walker, fork(at), value, goesOn, node.left);
    const same = branch(walker, at, value, !goesOn, node.left);
    const out: Outcome[] = same === undefined ? [] : [{ state: same, value: { ...value, truth: !goesOn } }];
    if (other !== undefined) out.push(...walker.evaluate(node.right, other));
    return out;
  });
}

function assignment(walker: Walker, node: ts.BinaryExpression, state: State): Outcome[] {
  const { kind } = node.operatorToken;
  const left = bare(node.left);
  if (kind === K.EqualsToken)
    return walker.evaluate(node.right, state).map(({ state: at, value }) => ({
      state: at,
      value: assignTo(walker, left, value, at, node),
    }));
  const short =
    kind === K.BarBarEqualsToken ||
    kind === K.QuestionQuestionEqualsToken ||
    kind === K.AmpersandAmpersandEqualsToken;
  if (short) {
    return walker.evaluate(left, state).flatMap(({ state: at, value }) => {
      const goesOn = kind === K.AmpersandAmpersandEqualsToken;
      const other = branch(walker, fork(at), value, goesOn, node.left);
      const same = branch(walker, at, value, !goesOn, node.left);
      const out: Outcome[] = same === undefined ? [] : [{ state: same, value: { ...value, truth: !goesOn } }];
      if (other !== undefined)
        for (const { state: end, value: made } of walker.evaluate(node.right, other))
          out.push({ state: end, value: assignTo(walker, left, made, end, node) });
      return out;
    });
  }
  // `x += await f()` reads x first.
  const simple = !containsAwait(node.right);
  return walker.evaluate(left, state).flatMap(({ state: before, value: old }) =>
    walker.evaluate(node.right, before).map(({ state: at, value }) => {
      const place =
        ts.isIdentifier(left) && isLocal(walker, left, at) ? undefined : walker.places.of(left, at);
      if (place !== undefined && simple) {
        at.reads.delete(place.key);
        write(walker, at, place, derived([value]), node, "change", unknown);
        return { state: at, value: unknown };
      }
      return { state: at, value: assignTo(walker, left, derived([old, value]), at, node) };
    }),
  );
}

function isLocal(walker: Walker, node: ts.Identifier, state: State): boolean {
  const binding = walker.scopes.bindingOf(node);
  return binding !== undefined && state.env.has(binding) && !walker.places.isShared(node, binding);
}

function containsAwait(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => containsAwait(child) || undefined) ?? false;
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
