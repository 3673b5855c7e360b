import ts from "typescript";
import type { Callee, FunctionWithBody } from "../project/port.js";
import { bare, isAsync, isFunctionLiteral } from "../project/syntax.js";
import { type CfgNode, isWaitedFor, type Use } from "./cfg.js";
import { lowerReceiver } from "./expressions.js";
import { callbackBody } from "./harmless.js";
import { type Flow, type Lowering, runCallback, sequence } from "./lowering.js";
import { evaluate } from "./operands.js";

/** `(async () => { … })()`: here and now when awaited, a task of its own when not. */
export function lowerImmediatelyInvoked(
  l: Lowering,
  call: ts.CallExpression,
  literal: FunctionWithBody,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  if (isAsync(literal) && !isWaitedFor(use)) {
    return l.node({ kind: "spawn", body: literal, call, counted: undefined }, next);
  }
  return sequence(l, call.arguments, l.inline(literal, next, flow), flow, "value");
}

/** `[first, second].forEach(…)` runs exactly as often as the literal is long. */
function literalItems(call: ts.CallExpression): number | undefined {
  const callee = bare(call.expression);
  const list = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  if (list === undefined || !ts.isArrayLiteralExpression(list) || list.elements.some(ts.isSpreadElement))
    return undefined;
  return list.elements.length <= 4 ? list.elements.length : undefined;
}

/** `items.forEach(item => …)`: any number of times, here. An async callback only starts here. */
export function lowerImmediateCallback(
  l: Lowering,
  call: ts.CallExpression,
  callee: Callee,
  next: CfgNode,
  flow: Flow,
): CfgNode {
  const index = callee.kind === "builtin" && callee.name === "from" ? 1 : 0;
  const callback = call.arguments[index];
  const body = callbackBody(callback, l.snapshot);
  const others = call.arguments.filter((_, position) => position !== index);
  if (body === undefined || callback === undefined) {
    const throws = callback !== undefined && !ts.isIdentifier(bare(callback));
    return evaluate(
      l,
      call,
      throws
        ? l.node({ kind: "may-throw", node: call, forgets: true }, next, { onThrow: flow.throwTo() })
        : next,
      flow,
    );
  }
  const literal = isFunctionLiteral(bare(callback));
  const items = literalItems(call);
  if (literal && !isAsync(body) && items !== undefined) {
    let entry = next;
    for (let round = 0; round < items; round += 1) entry = l.inline(body, entry, flow);
    return lowerReceiver(l, call.expression, sequence(l, others, entry, flow, "value"), flow);
  }
  const again = l.node({ kind: "loop", node: call }, undefined);
  let once: CfgNode;
  if (isAsync(body)) once = l.node({ kind: "spawn", body, call: callback, counted: undefined }, again);
  else once = runCallback(l, call, callback, body, again, flow, "value");
  again.next = l.node({ kind: "branch", condition: undefined, node: call }, once, { alt: next });
  return lowerReceiver(l, call.expression, sequence(l, others, again, flow, "value"), flow);
}
