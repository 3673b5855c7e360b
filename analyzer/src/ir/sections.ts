import ts from "typescript";
import type { Operation } from "../model/index.js";
import type { Callee, FunctionWithBody } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";
import { type CfgNode, isWaitedFor, type Use } from "./cfg.js";
import { lowerReceiver } from "./expressions.js";
import { guardsIn } from "./guards.js";
import { callbackBody } from "./harmless.js";
import { type Flow, type Lowering, protect, runCallback, sequence, suspend } from "./lowering.js";
import { evaluate, hasSignal } from "./operands.js";
import { type Request, requestOf } from "./requests.js";

type Acquire = Operation & { readonly op: "acquire" };
type Method = Callee & { readonly kind: "method" };

interface Section {
  readonly call: ts.CallExpression;
  readonly request: Request;
  readonly body: FunctionWithBody | undefined;
  /** The position of the parameter that the callback came in as. */
  readonly parameter: number | undefined;
  readonly callback: ts.Expression;
}

/** `withLock(fn)`: the function runs with the lock held, here if this path waits for it. */
export function lowerSection(
  l: Lowering,
  call: ts.CallExpression,
  callee: Method,
  operation: Acquire,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  const index = operation.callback === "last" ? call.arguments.length - 1 : (operation.callback ?? 0);
  const callback = call.arguments[index];
  const body = callbackBody(callback, l.snapshot);
  const waited = isWaitedFor(use);
  // A function that names a parameter gives the lock back by calling it, at some later time.
  const callsBack = operation.calledBack === true && (body === undefined || body.parameters.length > 0);
  const parameter = body === undefined && callback !== undefined ? parameterOf(callback, l) : undefined;
  const isKnown = body !== undefined || (parameter !== undefined && waited);
  if (!isKnown || callback === undefined || callsBack) {
    return evaluate(l, call, waited ? suspend(l, call, next, flow, true) : next, flow);
  }
  const request = requestOf(call, callee, operation, l.snapshot);
  const section = { call, request, body, parameter, callback };
  const others = call.arguments.filter((_, position) => position !== index);
  if (waited) {
    const taken = protect(
      next,
      flow,
      (after) => endOf(l, section, after),
      (after, inner) => runOf(l, section, after, inner),
    );
    const start = startOf(l, section, taken, use);
    const rejects =
      operation.rejects === true ||
      request.impatient ||
      call.arguments.some((_, at) => at !== index && hasSignal(call, at));
    const asked = suspend(l, call, start, flow, rejects);
    return lowerReceiver(l, call.expression, sequence(l, others, asked, flow, "value"), flow);
  }
  if (body === undefined || !isFunctionLiteral(bare(callback)) || request.places.length === 0)
    return evaluate(l, call, next, flow);
  const forked = beside(l, section, body, next);
  return lowerReceiver(l, call.expression, sequence(l, others, forked, flow, "value"), flow);
}

/** `locked(work) { return this.mu.withLock(work); }` */
function parameterOf(callback: ts.Expression, l: Lowering): number | undefined {
  const name = bare(callback);
  const declaration = ts.isIdentifier(name) ? l.snapshot.variableOf(name)?.declaration : undefined;
  return declaration !== undefined && ts.isParameter(declaration)
    ? declaration.parent.parameters.indexOf(declaration)
    : undefined;
}

/** It runs when its turn comes: this path goes on, and the section is looked at on a path of its own. */
function beside(l: Lowering, section: Section, body: FunctionWithBody, next: CfgNode): CfgNode {
  const over = l.node(undefined, undefined);
  const flow: Flow = {
    throwTo: () => over,
    returnTo: () => over,
    breakTo: () => undefined,
    continueTo: () => undefined,
    label: undefined,
  };
  const run = startOf(l, section, runOf(l, section, over, flow), "awaited");
  const fork = l.node({ kind: "fork", body, node: section.call }, next, { alt: run });
  return guardsIn(l, body, fork);
}

function startOf(l: Lowering, { call, request }: Section, next: CfgNode, use: Use): CfgNode {
  const { mode, impatient } = request;
  return request.places.reduceRight(
    (after, place) =>
      l.node(
        { kind: "acquire", place, mode, form: "section", call, use, guard: undefined, impatient },
        after,
      ),
    next,
  );
}

function endOf(l: Lowering, { call, request }: Section, next: CfgNode): CfgNode {
  const { mode } = request;
  return request.places.reduce(
    (after, place) => l.node({ kind: "section-end", place, mode, node: call }, after),
    next,
  );
}

function runOf(
  l: Lowering,
  { call, body, parameter, callback }: Section,
  next: CfgNode,
  flow: Flow,
): CfgNode {
  if (body === undefined) {
    const ran = l.node({ kind: "may-throw", node: call, forgets: true }, next, { onThrow: flow.throwTo() });
    return parameter === undefined
      ? ran
      : l.node({ kind: "invoke", parameter, use: "awaited", node: call }, ran);
  }
  return runCallback(l, call, callback, body, next, flow, "awaited");
}
