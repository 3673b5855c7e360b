import ts from "typescript";
import type { ChannelOperation } from "./program.js";
import { isWithin } from "./received.js";

/** Whether control leaves a statement by the answer, rather than an expression its value. */
export function isDecision(question: ts.Node): boolean {
  let at = question;
  while (at.parent !== undefined && ts.isExpression(at.parent)) at = at.parent;
  const { parent } = at;
  return !(
    ts.isExpressionStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isThrowStatement(parent)
  );
}

export function isLoopCondition(question: ts.Node, anchor: ts.Node): boolean {
  for (let at = anchor; at.parent !== undefined && !ts.isFunctionLike(at.parent); at = at.parent) {
    const loop = at.parent;
    const condition =
      ts.isWhileStatement(loop) || ts.isDoStatement(loop)
        ? loop.expression
        : ts.isForStatement(loop)
          ? loop.condition
          : ts.isForOfStatement(loop) && loop !== anchor
            ? loop.expression
            : undefined;
    if (condition !== undefined && isWithin(question, condition)) return true;
  }
  return false;
}

/** `while (!ctx.err)` around a case on `ctx.done`. */
export function asksFor(question: ts.Node, other: ChannelOperation): boolean {
  const channel = other.channel?.getText() ?? "";
  const owner = channel.replace(/\.done$/, "");
  const text = question.getText();
  return (
    text.includes(`${channel}.closed`) ||
    (owner !== channel && (text.includes(`${owner}.err`) || text.includes(`${owner}.signal.aborted`)))
  );
}
