import ts from "typescript";
import { bare } from "../../project/syntax.js";
import { change, write } from "./accesses.js";
import { branch, opposite } from "./decisions.js";
import { assignTo } from "./patterns.js";
import { fork, type State } from "./state.js";
import { derived, unknown } from "./values.js";
import type { Outcome, Walker } from "./walker.js";

const K = ts.SyntaxKind;

/** `n++` changes what is there; `!x` turns round what its truth says. */
export function unary(
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

export function assignment(walker: Walker, node: ts.BinaryExpression, state: State): Outcome[] {
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
