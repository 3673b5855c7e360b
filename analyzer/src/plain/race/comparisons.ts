import ts from "typescript";
import { bare } from "../../project/syntax.js";
import { read } from "./accesses.js";
import { opposite } from "./decisions.js";
import { epochOf, type State } from "./state.js";
import { constant, derived, type Sense, unknown, type Value } from "./values.js";
import type { Walker } from "./walker.js";

const K = ts.SyntaxKind;

const equalities = new Map<ts.SyntaxKind, boolean>([
  [K.EqualsEqualsEqualsToken, true],
  [K.EqualsEqualsToken, true],
  [K.ExclamationEqualsEqualsToken, false],
  [K.ExclamationEqualsToken, false],
]);

export function compare(
  walker: Walker,
  node: ts.BinaryExpression,
  left: Value,
  right: Value,
  state: State,
): Value {
  const { kind } = node.operatorToken;
  const epoch = epochOf(state);
  const equal = equalities.get(kind);
  if (equal !== undefined) {
    // What was read before is held against what is there now: the task notices that others ran.
    const fresh = [left, right].filter((each) =>
      each.taints.some((taint) => taint.epoch === epoch && taint.strength === "same"),
    );
    if (fresh.length === 1 && epoch > 0 && !isConstant(walker, node.left) && !isConstant(walker, node.right))
      state.checked = epoch;
    const [constantSide, other] =
      emptiness(node.right) !== undefined ? [node.right, left] : [node.left, right];
    const empty = emptiness(constantSide);
    if (other.origin === "left out" && isUndefined(constantSide)) return constant(equal);
    if (empty !== undefined && (other.alias !== undefined || other.whenTrue !== "other"))
      return sensed(other, empty === equal ? opposite(other.whenTrue) : other.whenTrue, empty === equal);
  }
  const number = ts.isNumericLiteral(bare(node.right))
    ? Number((bare(node.right) as ts.NumericLiteral).text)
    : undefined;
  if (number !== undefined && left.alias !== undefined && /\.(?:size|length)$/.test(left.alias.key)) {
    const present =
      (kind === K.GreaterThanToken && number === 0) || (kind === K.GreaterThanEqualsToken && number === 1);
    const absent = kind === K.LessThanToken && number === 1;
    if (present || absent) return sensed(left, present ? "present" : "absent", absent);
  }
  return derived([left, right]);
}

/** `key in table` */
export function membership(walker: Walker, node: ts.BinaryExpression, state: State): Value | undefined {
  const whole = walker.places.of(node.right, state);
  const place = whole && walker.places.element(whole, node.left);
  return place && read(state, place, node);
}

function sensed(value: Value, whenTrue: Sense, negated: boolean): Value {
  return {
    ...unknown,
    taints: value.taints,
    whenTrue,
    variable: value.variable && { ...value.variable, negated: negated !== value.variable.negated },
  };
}

/** Whether the constant stands for nothing there: compared with it, equal means absent. */
function emptiness(expression: ts.Expression): boolean | undefined {
  const node = bare(expression);
  if (node.kind === K.NullKeyword || node.kind === K.FalseKeyword) return true;
  if (isUndefined(node)) return true;
  if (ts.isNumericLiteral(node) && node.text === "0") return true;
  if (ts.isStringLiteralLike(node) && (node.text === "" || node.text === "undefined")) return true;
  if (ts.isPrefixUnaryExpression(node) && node.operator === K.MinusToken && node.operand.getText() === "1")
    return true;
  return node.kind === K.TrueKeyword ? false : undefined;
}

function isUndefined(expression: ts.Expression): boolean {
  const node = bare(expression);
  return ts.isVoidExpression(node) || (ts.isIdentifier(node) && node.text === "undefined");
}

function isConstant(walker: Walker, expression: ts.Expression): boolean {
  const node = bare(expression);
  if (ts.isPropertyAccessExpression(node)) return /^[A-Z]/.test(node.getText());
  if (ts.isIdentifier(node)) {
    const binding = walker.scopes.bindingOf(node);
    return (
      binding === undefined ||
      (binding.kind !== "parameter" && binding.kind !== "variable" && ts.isSourceFile(binding.home))
    );
  }
  return emptiness(node) !== undefined || ts.isLiteralExpression(node) || ts.isTypeOfExpression(node);
}
