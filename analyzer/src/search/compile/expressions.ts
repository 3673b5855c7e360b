import ts from "typescript";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import type { Run } from "../code.js";
import { binary, unary } from "../operators.js";
import { GivenUp, Ref, Sym, type Value } from "../values.js";
import { compileAssignment, compileStep } from "./assignments.js";
import { compileCall, compileNew } from "./calls.js";
import type { Awaited, Compiler, Label } from "./compiler.js";

/** Where an optional chain ends when one of its links is missing, while that chain is being translated. */
const chains = new WeakMap<Compiler, Label>();

/** Leaves the value on the stack. `awaited`: the value is awaited next, and nothing can come in between. */
export function compileExpression(c: Compiler, expression: ts.Expression, awaited: Awaited = false): void {
  const at = bare(expression);
  if (!ts.isOptionalChain(at) || chains.has(c)) return compileLink(c, at, awaited);
  const end = c.label();
  chains.set(c, end);
  compileLink(c, at, awaited);
  chains.delete(c);
  c.place(end);
}

/** What is no link of the chain around it: arguments, keys. */
export function compileApart(c: Compiler, expression: ts.Expression, awaited: Awaited = false): void {
  const around = chains.get(c);
  chains.delete(c);
  compileExpression(c, expression, awaited);
  if (around !== undefined) chains.set(c, around);
}

/** `a?.b`: where `a`, on top of `depth` values that go with it, is missing, the chain is undefined. */
export function endChainIfMissing(c: Compiler, node: ts.Node, depth = 1): void {
  const end = chains.get(c);
  if (end === undefined) return;
  c.emit(node, (m, frame) => {
    if (!m.isMissing(frame.stack[frame.stack.length - 1])) return;
    frame.stack.length -= depth;
    frame.stack.push(undefined);
    frame.pc = end.pc;
  });
}

function compileLink(c: Compiler, at: ts.Expression, awaited: Awaited): void {
  if (ts.isIdentifier(at)) return compileName(c, at);
  if (ts.isCallExpression(at)) return compileCall(c, at, awaited);
  if (ts.isPropertyAccessExpression(at)) return compileProperty(c, at);
  if (ts.isElementAccessExpression(at)) return compileElement(c, at);
  if (ts.isAwaitExpression(at)) return compileAwait(c, at);
  if (ts.isStringLiteralLike(at)) return c.push(at, at.text);
  if (ts.isNumericLiteral(at)) return c.push(at, Number(at.text));
  if (ts.isBigIntLiteral(at)) return c.push(at, BigInt(at.text.replace(/n$/, "").replaceAll("_", "")));
  switch (at.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return c.push(at, true);
    case ts.SyntaxKind.FalseKeyword:
      return c.push(at, false);
    case ts.SyntaxKind.NullKeyword:
      return c.push(at, null);
    case ts.SyntaxKind.ThisKeyword:
      return c.emit(at, (_, frame) => {
        frame.stack.push(frame.self);
      });
  }
  if (isFunctionLiteral(at)) return compileClosure(c, at, "");
  if (ts.isBinaryExpression(at)) return compileBinary(c, at, awaited);
  if (ts.isConditionalExpression(at)) return compileConditional(c, at, awaited);
  if (ts.isPrefixUnaryExpression(at) || ts.isPostfixUnaryExpression(at)) return compileUnary(c, at);
  if (ts.isNewExpression(at)) return compileNew(c, at);
  if (ts.isObjectLiteralExpression(at)) return compileObject(c, at);
  if (ts.isArrayLiteralExpression(at)) return compileList(c, at, at.elements);
  if (ts.isTemplateExpression(at)) return compileTemplate(c, at);
  if (ts.isClassExpression(at)) return compileClass(c, at);
  if (ts.isVoidExpression(at)) {
    compileApart(c, at.expression);
    c.pop(at);
    return c.push(at, undefined);
  }
  if (ts.isTypeOfExpression(at)) {
    compileApart(c, at.expression);
    return c.emit(at, (m, frame) => {
      frame.stack.push(m.typeOf(frame.stack.pop()));
    });
  }
  if (ts.isDeleteExpression(at)) return compileDelete(c, at);
  if (ts.isYieldExpression(at)) throw new GivenUp("generator");
  // Patterns, tagged templates, JSX, import(): somebody's value.
  const unknown = new Sym(`text@${at.pos}`);
  return c.push(at, unknown);
}

export function compileName(c: Compiler, name: ts.Identifier): void {
  const found = c.scope.find(name.text);
  if (found === undefined) {
    c.emit(name, name.text === "undefined" ? pushUndefined : c.world.load(name));
    return;
  }
  const { hops, slot } = found;
  c.emit(name, (m, frame) => {
    frame.stack.push(m.state.get(m.environment(frame.env, hops)).list[slot]);
  });
}

const pushUndefined: Run = (_, frame) => {
  frame.stack.push(undefined);
};

export function compileClosure(c: Compiler, node: ts.SignatureDeclaration, name: string): void {
  const info = c.world.functionInfo(node, c.scope, name);
  const arrow = ts.isArrowFunction(node);
  c.emit(node, (m, frame) => {
    frame.stack.push(m.closure(info, frame, arrow));
  });
}

export function compileClass(c: Compiler, node: ts.ClassLikeDeclaration): void {
  const heritage = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  const base = heritage?.types[0]?.expression;
  if (base === undefined) c.push(node, undefined);
  else compileApart(c, base);
  const info = c.world.classInfo(node, c.scope);
  c.emit(node, (m, frame) => m.defineClass(info, frame, frame.stack.pop()));
}

function compileProperty(c: Compiler, at: ts.PropertyAccessExpression): void {
  const name = at.name.text;
  if (at.expression.kind === ts.SyntaxKind.SuperKeyword) {
    return c.emit(at, (m, frame) => {
      frame.stack.push(m.superMember(frame, name));
    });
  }
  compileExpression(c, at.expression);
  if (at.questionDotToken !== undefined) endChainIfMissing(c, at);
  c.emit(at, (m, frame) => m.load(frame.stack.pop(), name));
}

function compileElement(c: Compiler, at: ts.ElementAccessExpression): void {
  compileExpression(c, at.expression);
  if (at.questionDotToken !== undefined) endChainIfMissing(c, at);
  compileApart(c, at.argumentExpression);
  c.emit(at, (m, frame) => {
    const key = frame.stack.pop();
    m.load(frame.stack.pop(), m.propertyKey(key));
  });
}

function compileAwait(c: Compiler, at: ts.AwaitExpression): void {
  compileApart(c, at.expression, true);
  c.emit(at, (m, frame) => m.await(frame.stack.pop()));
}

function compileBinary(c: Compiler, at: ts.BinaryExpression, awaited: Awaited): void {
  const operator = at.operatorToken.kind;
  if (operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment)
    return compileAssignment(c, at);
  compileApart(c, at.left);
  const end = c.label();
  switch (operator) {
    case ts.SyntaxKind.CommaToken:
      c.pop(at);
      return compileApart(c, at.right, awaited);
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      skipRight(c, at, operator, end);
      compileApart(c, at.right, awaited);
      return c.place(end);
  }
  compileApart(c, at.right);
  c.emit(at, (m, frame) => {
    const right = frame.stack.pop();
    frame.stack.push(binary(m, operator, frame.stack.pop(), right));
  });
}

/** `a && b`, `a || b`, `a ?? b`: with `a` on the stack, goes to the end with it, or on without it. */
export function skipRight(c: Compiler, node: ts.Node, operator: ts.SyntaxKind, end: Label): void {
  c.emit(node, (m, frame) => {
    const value = frame.stack[frame.stack.length - 1];
    const stays =
      operator === ts.SyntaxKind.QuestionQuestionToken
        ? !m.isMissing(value)
        : m.truth(value) === (operator === ts.SyntaxKind.BarBarToken);
    if (stays) frame.pc = end.pc;
    else frame.stack.pop();
  });
}

function compileConditional(c: Compiler, at: ts.ConditionalExpression, awaited: Awaited): void {
  const otherwise = c.label();
  const end = c.label();
  compileApart(c, at.condition);
  c.branch(at, false, otherwise);
  compileApart(c, at.whenTrue, awaited);
  c.jump(at, end);
  c.place(otherwise);
  compileApart(c, at.whenFalse, awaited);
  c.place(end);
}

function compileUnary(c: Compiler, at: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
  const { operator } = at;
  if (operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken)
    return compileStep(c, at, operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1);
  compileApart(c, at.operand);
  c.emit(at, (_, frame) => {
    frame.stack.push(unary(operator, frame.stack.pop()));
  });
}

/** The elements in an array; where something is spread, what it holds. */
export function compileList(c: Compiler, node: ts.Node, elements: readonly ts.Expression[]): void {
  c.emit(node, (m, frame) => {
    frame.stack.push(m.array([]));
  });
  for (const element of elements) {
    if (ts.isOmittedExpression(element)) c.push(element, undefined);
    else compileApart(c, ts.isSpreadElement(element) ? element.expression : element);
    const spread = ts.isSpreadElement(element);
    c.emit(element, (m, frame) => {
      const value = frame.stack.pop();
      const list = m.state.write(frame.stack[frame.stack.length - 1] as Ref).list;
      if (spread) list.push(...m.elements(value));
      else list.push(value);
    });
  }
}

function compileObject(c: Compiler, at: ts.ObjectLiteralExpression): void {
  c.emit(at, (m, frame) => {
    frame.stack.push(m.object());
  });
  for (const property of at.properties) {
    if (ts.isSpreadAssignment(property)) {
      compileApart(c, property.expression);
      c.emit(property, (m, frame) => {
        const from = frame.stack.pop();
        m.copyProperties(from, frame.stack[frame.stack.length - 1]);
      });
      continue;
    }
    const accessor = ts.isGetAccessor(property) ? "get " : ts.isSetAccessor(property) ? "set " : "";
    compileKey(c, property.name);
    if (ts.isPropertyAssignment(property)) compileApart(c, property.initializer);
    else if (ts.isShorthandPropertyAssignment(property)) compileName(c, property.name);
    else compileClosure(c, property, "");
    c.emit(property, (m, frame) => {
      const value = frame.stack.pop();
      const key = m.propertyKey(frame.stack.pop());
      m.defineOwn(frame.stack[frame.stack.length - 1], accessor + key, value);
    });
  }
}

export function compileKey(c: Compiler, name: ts.PropertyName): void {
  if (ts.isComputedPropertyName(name)) compileApart(c, name.expression);
  else c.push(name, name.text);
}

function compileTemplate(c: Compiler, at: ts.TemplateExpression): void {
  c.push(at, at.head.text);
  for (const span of at.templateSpans) {
    compileApart(c, span.expression);
    c.emit(span, (m, frame) => {
      const value: Value = frame.stack.pop();
      const sum = binary(m, ts.SyntaxKind.PlusToken, frame.stack.pop(), value);
      frame.stack.push(binary(m, ts.SyntaxKind.PlusToken, sum, span.literal.text));
    });
  }
}

function compileDelete(c: Compiler, at: ts.DeleteExpression): void {
  const target = bare(at.expression);
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target))
    return c.push(at, true);
  compileApart(c, target.expression);
  if (ts.isPropertyAccessExpression(target)) c.push(at, target.name.text);
  else compileApart(c, target.argumentExpression);
  c.emit(at, (m, frame) => {
    const key = m.propertyKey(frame.stack.pop());
    const base = frame.stack.pop();
    if (base instanceof Ref) m.state.write(base).props?.delete(key);
    frame.stack.push(true);
  });
}
