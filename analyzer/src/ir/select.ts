import ts from "typescript";
import type { EventKind } from "../model/index.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";
import { type CfgNode, isAwaited, isWaitedFor, type Use } from "./cfg.js";

import { callbackBody } from "./harmless.js";
import { type Flow, type Lowering, runCallback, sequence, suspend } from "./lowering.js";
import { placeOf } from "./place.js";
import { truth } from "./truth.js";

/** One argument of a `select`: `onReceive(ch, fn)`, `onSend(ch, value, fn)`, `otherwise(fn)`. */
export interface SelectCase {
  readonly call: ts.CallExpression;
  readonly event: EventKind & ("select-receive" | "select-send" | "select-default");
  readonly channel: ts.Expression | undefined;
  readonly handler: ts.Expression | undefined;
}

/** The cases as written; undefined when one of them was made elsewhere. */
export function selectCases(call: ts.CallExpression, snapshot: Snapshot): SelectCase[] | undefined {
  const cases: SelectCase[] = [];
  for (const argument of call.arguments) {
    const at = bare(argument);
    const callee = ts.isCallExpression(at) ? snapshot.calleeOf(at) : undefined;
    if (!ts.isCallExpression(at) || callee?.kind !== "function" || !("event" in callee.operation))
      return undefined;
    const { event } = callee.operation;
    if (event === "select-receive")
      cases.push({ call: at, event, channel: at.arguments[0], handler: at.arguments[1] });
    else if (event === "select-send")
      cases.push({ call: at, event, channel: at.arguments[0], handler: at.arguments[2] });
    else if (event === "select-default")
      cases.push({ call: at, event, channel: undefined, handler: at.arguments[0] });
    else return undefined;
  }
  return cases;
}

/** Where control goes when a case is done, by what its handler gave back. */
type Continue = (result: ts.Expression | undefined) => CfgNode;

/** `await select(…)`: the task waits, then the handler of one case runs here. */
export function lowerSelect(
  l: Lowering,
  call: ts.CallExpression,
  next: CfgNode,
  flow: Flow,
  use: Use,
  result: number | undefined,
): CfgNode | undefined {
  if (!isWaitedFor(use)) return undefined;
  const bound: Continue = (from) =>
    result === undefined || from === undefined
      ? next
      : l.node({ kind: "assign", variable: result, value: truth(from), place: undefined, from }, next);
  return lowerCases(l, call, bound, next, flow, use);
}

/** `if (await select(…))`: a handler that gives back a constant decides the branch. */
export function lowerSelectCondition(
  l: Lowering,
  expression: ts.Expression,
  whenTrue: CfgNode,
  whenFalse: CfgNode,
  flow: Flow,
): CfgNode | undefined {
  const call = ts.isAwaitExpression(expression) ? bare(expression.expression) : undefined;
  if (call === undefined || !ts.isCallExpression(call) || !isSelect(call, l.snapshot)) return undefined;
  const open = l.node({ kind: "branch", condition: undefined, node: expression }, whenTrue, {
    alt: whenFalse,
  });
  const decide: Continue = (from) => {
    const value = from && truth(from);
    return value === undefined ? open : value ? whenTrue : whenFalse;
  };
  return lowerCases(l, call, decide, open, flow, "kept");
}

export function isSelect(call: ts.CallExpression, snapshot: Snapshot): boolean {
  const callee = snapshot.calleeOf(call);
  return callee.kind === "function" && "event" in callee.operation && callee.operation.event === "select";
}

function lowerCases(
  l: Lowering,
  call: ts.CallExpression,
  then: Continue,
  unknown: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode | undefined {
  const cases = selectCases(call, l.snapshot);
  if (cases === undefined || cases.length === 0) return undefined;
  const entries = cases.map((each) => lowerCase(l, each, then, unknown, flow));
  const chosen = entries.reduceRight((other, entry, index) =>
    l.node({ kind: "branch", condition: undefined, node: cases[index]?.call ?? call }, entry, { alt: other }),
  );
  const waited = isAwaited(use) ? suspend(l, call, chosen, flow, true) : chosen;
  const select = l.node({ kind: "operation", event: "select", place: undefined, call, use }, waited);
  const operands = cases.flatMap(({ call: each, handler }) =>
    each.arguments.filter((argument) => argument !== handler),
  );
  return sequence(l, operands, select, flow, "value");
}

function lowerCase(
  l: Lowering,
  { call, event, channel, handler }: SelectCase,
  then: Continue,
  unknown: CfgNode,
  flow: Flow,
): CfgNode {
  const place = channel && placeOf(channel, l.snapshot);
  const body = handler && callbackBody(handler, l.snapshot);
  let run: CfgNode;
  if (handler === undefined || body === undefined)
    run = l.node({ kind: "may-throw", node: call, forgets: true }, unknown, { onThrow: flow.throwTo() });
  else {
    const after = isFunctionLiteral(bare(handler)) ? then(onlyResult(body)) : unknown;
    run = runCallback(l, call, handler, body, after, flow, "awaited");
  }
  return l.node({ kind: "operation", event, place, call, use: "value" }, run);
}

/** What a function gives back, where that is one and the same on every way out. */
function onlyResult(body: FunctionWithBody): ts.Expression | undefined {
  if (!ts.isBlock(body.body)) return body.body as ts.Expression;
  const results: (ts.Expression | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) results.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body.body, visit);
  const [first, ...others] = results;
  const last = body.body.statements.at(-1);
  const always = last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
  return always && first !== undefined && others.every((each) => each?.getText() === first.getText())
    ? first
    : undefined;
}
