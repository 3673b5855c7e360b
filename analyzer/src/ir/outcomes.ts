import ts from "typescript";
import type { FunctionWithBody } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { CfgNode } from "./cfg.js";
import type { Flow, Lowering } from "./lowering.js";
import { truth } from "./truth.js";

/** `return this.mu.tryLock()`: which answer goes with which state of the lock, callers want to know. */
export function lowerReturned(l: Lowering, expression: ts.Expression, node: ts.Node, flow: Flow): CfgNode {
  const leave = (value: boolean | undefined, answer?: string) =>
    l.node({ kind: "leave", how: "return", node, value, answer }, flow.returnTo());
  if (asksLock(expression, l)) return l.condition(expression, leave(true), leave(false), flow);
  const at = bare(expression);
  const variable = ts.isIdentifier(at) ? l.snapshot.variableOf(at) : undefined;
  const answer = variable?.constant ? `#${variable.id}` : undefined;
  return l.expression(expression, leave(truth(expression), answer), flow, "returned");
}

function asksLock(expression: ts.Expression, l: Lowering): boolean {
  const at = bare(expression);
  if (ts.isPrefixUnaryExpression(at)) return asksLock(at.operand, l);
  if (ts.isBinaryExpression(at)) {
    const { kind } = at.operatorToken;
    const joins = kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
    return joins && (asksLock(at.left, l) || asksLock(at.right, l));
  }
  if (!ts.isCallExpression(at)) return false;
  const callee = l.snapshot.calleeOf(at);
  return callee.kind === "method" && callee.operation.op === "try-acquire";
}

/** `if (!(await this.tryEnter())) return;`: the function's answer says whether it took the lock. */
export function lowerOutcome(
  l: Lowering,
  condition: ts.Expression,
  whenTrue: CfgNode,
  whenFalse: CfgNode,
  flow: Flow,
): CfgNode | undefined {
  const awaited = ts.isAwaitExpression(condition);
  const call = awaited ? bare(condition.expression) : condition;
  if (!ts.isCallExpression(call)) return undefined;
  const callee = l.snapshot.calleeOf(call);
  if (callee.kind !== "body" || !mayTry(callee.declaration)) return undefined;
  const key = `@${call.pos}`;
  const asked = { key, reads: [], volatile: false, negated: false, parameter: undefined };
  const branch = l.node({ kind: "branch", condition: asked, node: condition }, whenTrue, { alt: whenFalse });
  const use = awaited ? "awaited" : "value";
  return l.call(call, branch, flow, use, undefined, key);
}

const tries = new WeakMap<ts.Node, boolean>();

/** Only what tries for something, itself or by calling what is called so, can answer that question. */
function mayTry(body: FunctionWithBody): boolean {
  let answer = tries.get(body);
  if (answer === undefined) {
    answer = /\btry[A-Z]\w*\s*\(/.test(body.getText());
    tries.set(body, answer);
  }
  return answer;
}
