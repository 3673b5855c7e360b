import ts from "typescript";
import { bare } from "../../project/syntax.js";
import type { Frame } from "../heap.js";
import type { Machine } from "../machine.js";
import type { Ref, Value } from "../values.js";
import type { Awaited, Compiler } from "./compiler.js";

/** How the arguments lie on the stack: so many values, or one array. */
function compileArguments(
  c: Compiler,
  node: ts.Node,
  list: readonly ts.Expression[],
): (m: Machine, frame: Frame) => Value[] {
  if (list.some(ts.isSpreadElement)) {
    c.parts.list(c, node, list);
    return (m, frame) => m.state.get(frame.stack.pop() as Ref).list.slice();
  }
  for (const argument of list) c.parts.apart(c, argument);
  const count = list.length;
  return (_, frame) => (count === 0 ? [] : frame.stack.splice(-count, count));
}

export function compileCall(c: Compiler, call: ts.CallExpression, awaited: Awaited): void {
  const callee = bare(call.expression);
  if (callee.kind === ts.SyntaxKind.SuperKeyword) {
    const take = compileArguments(c, call, call.arguments);
    return c.emit(call, (m, frame) => m.superConstruct(frame, take(m, frame)));
  }
  const optional = call.questionDotToken !== undefined;
  if (ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee))
    return compileMethodCall(c, call, callee, optional, awaited);
  c.parts.expression(c, callee);
  if (optional) c.parts.endChainIfMissing(c, call);
  const take = compileArguments(c, call, call.arguments);
  c.emit(call, (m, frame) => {
    const list = take(m, frame);
    m.call(frame.stack.pop(), undefined, list, isAwaited(frame, awaited));
  });
}

function compileMethodCall(
  c: Compiler,
  call: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  optional: boolean,
  awaited: Awaited,
): void {
  if (callee.expression.kind === ts.SyntaxKind.SuperKeyword) {
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : "";
    const take = compileArguments(c, call, call.arguments);
    return c.emit(call, (m, frame) => {
      const list = take(m, frame);
      m.call(m.superMember(frame, name), frame.self, list, isAwaited(frame, awaited));
    });
  }
  c.parts.expression(c, callee.expression);
  if (callee.questionDotToken !== undefined) c.parts.endChainIfMissing(c, callee);
  if (ts.isPropertyAccessExpression(callee)) c.push(callee, callee.name.text);
  else c.parts.apart(c, callee.argumentExpression);
  if (optional)
    c.emit(call, (m, frame) => {
      const depth = frame.stack.length;
      const base = frame.stack[depth - 2];
      const key = m.propertyKey(frame.stack[depth - 1]);
      if (m.hasMethod(base, key)) return;
      // The call's own place in the text says where its chain ends: skip it as a whole.
      frame.stack.length = depth - 2;
      frame.stack.push(undefined);
      frame.pc = after.pc;
    });
  const after = c.label();
  const take = compileArguments(c, call, call.arguments);
  c.emit(call, (m, frame) => {
    const list = take(m, frame);
    const key = m.propertyKey(frame.stack.pop());
    m.callMethod(frame.stack.pop(), key, list, isAwaited(frame, awaited));
  });
  c.place(after);
}

/** A call in the place of a result is awaited if the function's own caller awaits. */
function isAwaited(frame: Frame, awaited: Awaited): boolean {
  return awaited === "result" ? frame.awaited : awaited;
}

export function compileNew(c: Compiler, at: ts.NewExpression): void {
  c.parts.expression(c, at.expression);
  const take = compileArguments(c, at, at.arguments ?? []);
  c.emit(at, (m, frame) => {
    const list = take(m, frame);
    m.construct(frame.stack.pop(), list, at);
  });
}
