import ts from "typescript";
import type { Machine } from "./machine.js";
import { isLarge, Ref, Sym, symbolic, truthOf, type Value } from "./values.js";

const K = ts.SyntaxKind;

/** Two objects are the same or not; of what is not known the answer is not known, but asked twice it is one. */
export function equals(left: Value, right: Value): Value {
  if (left instanceof Sym || right instanceof Sym) {
    if (left instanceof Sym && right instanceof Sym && left.key === right.key) return true;
    return left instanceof Sym ? symbolic("===", left, right) : symbolic("===", right, left);
  }
  return left === right;
}

export function negated(value: Value): Value {
  const truth = truthOf(value);
  if (truth !== undefined) return !truth;
  const { key } = value as Sym;
  return new Sym(key.startsWith("!") ? key.slice(1) : `!${key}`);
}

/** `x == null` asks for both. */
function looselyEquals(m: Machine, left: Value, right: Value): Value {
  if (right === null || right === undefined)
    return left instanceof Sym ? m.isMissing(left) : left === null || left === undefined;
  if (left === null || left === undefined) return looselyEquals(m, right, left);
  return equals(left, right);
}

export function binary(m: Machine, operator: ts.SyntaxKind, left: Value, right: Value): Value {
  switch (operator) {
    case K.EqualsEqualsEqualsToken:
      return equals(left, right);
    case K.ExclamationEqualsEqualsToken:
      return negated(equals(left, right));
    case K.EqualsEqualsToken:
      return looselyEquals(m, left, right);
    case K.ExclamationEqualsToken:
      return negated(looselyEquals(m, left, right));
    case K.InstanceOfKeyword:
      return m.instanceOf(left, right);
    case K.InKeyword:
      return m.has(right, left);
  }
  if (left instanceof Sym || right instanceof Sym || left instanceof Ref || right instanceof Ref) {
    // `>=` is `<` denied: the two have one answer.
    if (operator === K.GreaterThanEqualsToken) return negated(binary(m, K.LessThanToken, left, right));
    if (operator === K.LessThanEqualsToken) return negated(binary(m, K.GreaterThanToken, left, right));
    return symbolic(ts.tokenToString(operator) ?? "?", left, right);
  }
  if (isLarge(left) || isLarge(right) || growsFast(operator, right))
    return symbolic(String(operator), left, right);
  return known(operator, left as never, right as never);
}

/** `7n ** 30_000_000n` takes the engine itself minutes. */
function growsFast(operator: ts.SyntaxKind, right: Value): boolean {
  const isPower = operator === K.AsteriskAsteriskToken || operator === K.LessThanLessThanToken;
  return isPower && typeof right === "bigint" && right > 64n;
}

function known(operator: ts.SyntaxKind, left: never, right: never): Value {
  const a = left as number;
  const b = right as number;
  try {
    switch (operator) {
      case K.PlusToken:
        return a + b;
      case K.MinusToken:
        return a - b;
      case K.AsteriskToken:
        return a * b;
      case K.SlashToken:
        return a / b;
      case K.PercentToken:
        return a % b;
      case K.AsteriskAsteriskToken:
        return a ** b;
      case K.LessThanToken:
        return a < b;
      case K.GreaterThanToken:
        return a > b;
      case K.LessThanEqualsToken:
        return a <= b;
      case K.GreaterThanEqualsToken:
        return a >= b;
      case K.AmpersandToken:
        return a & b;
      case K.BarToken:
        return a | b;
      case K.CaretToken:
        return a ^ b;
      case K.LessThanLessThanToken:
        return a << b;
      case K.GreaterThanGreaterThanToken:
        return a >> b;
      case K.GreaterThanGreaterThanGreaterThanToken:
        return a >>> b;
    }
  } catch {
    // A number and a bigint do not mix: whatever it is, it is no value that this program goes on with.
  }
  return symbolic(String(operator), left, right);
}

export function unary(operator: ts.PrefixUnaryOperator, value: Value): Value {
  if (operator === K.ExclamationToken) return negated(value);
  if (value instanceof Sym || value instanceof Ref) return symbolic(String(operator), value);
  if (operator === K.MinusToken) return typeof value === "bigint" ? -value : -Number(value);
  if (operator === K.PlusToken) return Number(value);
  return ~Number(value);
}
