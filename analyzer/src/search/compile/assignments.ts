import ts from "typescript";
import { bare } from "../../project/syntax.js";
import { binary } from "../operators.js";
import type { Compiler } from "./compiler.js";

const logical = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [ts.SyntaxKind.AmpersandAmpersandEqualsToken, ts.SyntaxKind.AmpersandAmpersandToken],
  [ts.SyntaxKind.BarBarEqualsToken, ts.SyntaxKind.BarBarToken],
  [ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.QuestionQuestionToken],
]);

const arithmetic = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.PlusToken],
  [ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.MinusToken],
  [ts.SyntaxKind.AsteriskEqualsToken, ts.SyntaxKind.AsteriskToken],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, ts.SyntaxKind.AsteriskAsteriskToken],
  [ts.SyntaxKind.SlashEqualsToken, ts.SyntaxKind.SlashToken],
  [ts.SyntaxKind.PercentEqualsToken, ts.SyntaxKind.PercentToken],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, ts.SyntaxKind.LessThanLessThanToken],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanToken],
  [
    ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken,
    ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
  ],
  [ts.SyntaxKind.AmpersandEqualsToken, ts.SyntaxKind.AmpersandToken],
  [ts.SyntaxKind.BarEqualsToken, ts.SyntaxKind.BarToken],
  [ts.SyntaxKind.CaretEqualsToken, ts.SyntaxKind.CaretToken],
]);

/** The assignment, with its value left on the stack. */
export function compileAssignment(c: Compiler, at: ts.BinaryExpression): void {
  const operator = at.operatorToken.kind;
  const target = bare(at.left);
  if (operator === ts.SyntaxKind.EqualsToken) {
    const finish = compileTarget(c, target);
    c.parts.apart(c, at.right);
    return finish();
  }
  const finish = compileTarget(c, target);
  const shortcut = logical.get(operator);
  // The old value is read through the target once more: targets are names and paths, read without effect.
  c.parts.apart(c, target);
  if (shortcut !== undefined) {
    const kept = c.label();
    const end = c.label();
    c.parts.skipRight(c, at, shortcut, kept);
    c.parts.apart(c, at.right);
    finish();
    c.jump(at, end);
    c.place(kept);
    dropUnder(c, at, operandsOf(target));
    c.place(end);
    return;
  }
  const plain = arithmetic.get(operator) ?? ts.SyntaxKind.PlusToken;
  c.parts.apart(c, at.right);
  c.emit(at, (m, frame) => {
    const right = frame.stack.pop();
    frame.stack.push(binary(m, plain, frame.stack.pop(), right));
  });
  finish();
}

export function compileStep(
  c: Compiler,
  at: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  by: number,
): void {
  const target = bare(at.operand);
  const postfix = ts.isPostfixUnaryExpression(at);
  const old = postfix ? c.hidden() : undefined;
  const finish = compileTarget(c, target);
  c.parts.apart(c, target);
  if (old !== undefined) {
    c.duplicate(at);
    old.store(at);
  }
  c.emit(at, (m, frame) => {
    frame.stack.push(binary(m, ts.SyntaxKind.PlusToken, frame.stack.pop(), by));
  });
  finish();
  if (old !== undefined) {
    c.pop(at);
    old.load(at);
  }
}

/** How many values `compileTarget` leaves below the value that is assigned. */
function operandsOf(target: ts.Expression): number {
  return ts.isPropertyAccessExpression(target) ? 1 : ts.isElementAccessExpression(target) ? 2 : 0;
}

function dropUnder(c: Compiler, node: ts.Node, count: number): void {
  c.emit(node, (_, frame) => {
    const value = frame.stack.pop();
    frame.stack.length -= count;
    frame.stack.push(value);
  });
}

/** Evaluates what the target is made of; the function given back assigns the value on top, and leaves it there. */
export function compileTarget(c: Compiler, target: ts.Expression): () => void {
  if (ts.isPropertyAccessExpression(target)) {
    c.parts.apart(c, target.expression);
    const name = target.name.text;
    return () =>
      c.emit(target, (m, frame) => {
        const value = frame.stack.pop();
        const base = frame.stack.pop();
        frame.stack.push(value);
        m.assign(base, name, value);
      });
  }
  if (ts.isElementAccessExpression(target)) {
    c.parts.apart(c, target.expression);
    c.parts.apart(c, target.argumentExpression);
    return () =>
      c.emit(target, (m, frame) => {
        const value = frame.stack.pop();
        const key = m.propertyKey(frame.stack.pop());
        const base = frame.stack.pop();
        frame.stack.push(value);
        m.assign(base, key, value);
      });
  }
  if (ts.isIdentifier(target)) return () => compileNameAssignment(c, target);
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target))
    return () => {
      c.duplicate(target);
      compilePatternAssignment(c, target);
    };
  return () => {};
}

/** Assigns the value on top and leaves it there. */
function compileNameAssignment(c: Compiler, name: ts.Identifier): void {
  const found = c.scope.find(name.text);
  if (found === undefined) return;
  const { hops, slot } = found;
  c.emit(name, (m, frame) => {
    m.state.write(m.environment(frame.env, hops)).list[slot] = frame.stack[frame.stack.length - 1];
  });
}

/** `[a, this.b] = value`: takes the value off. */
export function compilePatternAssignment(
  c: Compiler,
  pattern: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression,
): void {
  const source = c.hidden();
  source.store(pattern);
  const put = (target: ts.Expression, read: () => void) => {
    let inner = bare(target);
    let initial: ts.Expression | undefined;
    if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      initial = inner.right;
      inner = bare(inner.left);
    }
    const finish = compileTarget(c, inner);
    read();
    if (initial !== undefined) orElse(c, initial);
    finish();
    c.pop(target);
  };
  if (ts.isArrayLiteralExpression(pattern)) {
    pattern.elements.forEach((element, index) => {
      if (ts.isOmittedExpression(element)) return;
      const rest = ts.isSpreadElement(element);
      put(rest ? element.expression : element, () => {
        source.load(element);
        c.emit(element, (m, frame) => {
          const items = m.elements(frame.stack.pop());
          frame.stack.push(rest ? m.array(items.slice(index)) : items[index]);
        });
      });
    });
    return;
  }
  for (const property of pattern.properties) {
    if (ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property)) {
      const name = property.name;
      put(ts.isPropertyAssignment(property) ? property.initializer : property.name, () => {
        source.load(property);
        if (ts.isComputedPropertyName(name)) {
          c.parts.apart(c, name.expression);
          c.emit(property, (m, frame) => {
            const key = m.propertyKey(frame.stack.pop());
            m.load(frame.stack.pop(), key);
          });
        } else c.emit(property, (m, frame) => m.load(frame.stack.pop(), name.text));
        if (ts.isShorthandPropertyAssignment(property) && property.objectAssignmentInitializer)
          orElse(c, property.objectAssignmentInitializer);
      });
    } else if (ts.isSpreadAssignment(property)) {
      put(property.expression, () => {
        source.load(property);
        c.parts.objectRest(c, property, []);
      });
    }
  }
}

/** The default value, where the value on top is undefined. */
export function orElse(c: Compiler, initial: ts.Expression): void {
  const given = c.label();
  c.emit(initial, (m, frame) => {
    if (m.isGiven(frame.stack[frame.stack.length - 1])) frame.pc = given.pc;
    else frame.stack.pop();
  });
  c.parts.apart(c, initial);
  c.place(given);
}
