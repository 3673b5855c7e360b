import { ts } from "ts-morph";
import type { Operation } from "../model/index.js";
import type { Callee, FunctionWithBody } from "../project/port.js";
import { bare, isAsync, isFunctionLiteral, isUsing } from "../project/syntax.js";
import { type CfgNode, isAwaited, isWaitedFor, type Use } from "./cfg.js";
import { lowerReceiver, sequence, suspend } from "./expressions.js";
import { callbackBody, endsProcess, isHarmlessBuiltin, runsCallbackAtOnce } from "./harmless.js";
import { type Flow, type Lowering, protect } from "./lowering.js";
import { type Place, placeOf } from "./place.js";

type Modelled = Callee & { kind: "method" | "function" };

/** One call: which operation it is, what it does with its arguments, where it may throw to. */
export function lowerCall(
  l: Lowering,
  call: ts.CallExpression,
  next: CfgNode,
  flow: Flow,
  use: Use,
  result?: number,
): CfgNode {
  if (endsProcess(call)) return evaluate(l, call, l.node(undefined, undefined), flow);
  const callee = l.snapshot.calleeOf(call);
  if (callee.kind === "method" || callee.kind === "function")
    return lowerModelled(l, call, callee, next, flow, use, result);
  if (callee.kind === "body") return lowerKnownBody(l, call, callee, next, flow, use, result);
  const literal = bare(call.expression);
  if (isFunctionLiteral(literal))
    return lowerImmediatelyInvoked(l, call, literal as FunctionWithBody & ts.Expression, next, flow, use);
  if (isPromiseChain(callee)) return lowerChain(l, call, next, flow, use);
  if (isPromiseCombinator(callee) && use !== "dropped") return lowerCombinator(l, call, next, flow, use);
  return lowerUnknown(l, call, callee, next, flow, use);
}

/** Arguments and receiver, evaluated before the call itself. */
function evaluate(l: Lowering, call: ts.CallExpression, next: CfgNode, flow: Flow): CfgNode {
  return lowerReceiver(l, call.expression, sequence(l, call.arguments, next, flow, "value"), flow);
}

function lowerModelled(
  l: Lowering,
  call: ts.CallExpression,
  callee: Modelled,
  next: CfgNode,
  flow: Flow,
  use: Use,
  result: number | undefined,
): CfgNode {
  const { operation } = callee;
  const receiver = callee.kind === "method" ? callee.receiver : undefined;
  const place = receiver && placeOf(receiver, l.snapshot);
  switch (operation.op) {
    case "acquire":
      if (operation.form === "section") return lowerSection(l, call, operation, place, next, flow, use);
      return lowerAcquire(l, call, operation, place, next, flow, use, result);
    case "try-acquire": {
      if (place === undefined) return evaluate(l, call, next, flow);
      const mode = place.view ?? operation.mode;
      return evaluate(l, call, l.node({ kind: "try", place, mode, call, result }, next, { alt: next }), flow);
    }
    case "release": {
      if (place === undefined) return evaluate(l, call, next, flow);
      return l.node({ kind: "release", place, mode: place.view ?? operation.mode, call }, next);
    }
    case "guard-release": {
      const guard = receiver && bare(receiver);
      const variable = guard && ts.isIdentifier(guard) ? l.snapshot.variableOf(guard) : undefined;
      return variable
        ? l.node({ kind: "guard-release", guard: variable.id, node: call, implicit: false }, next)
        : next;
    }
    case "wg-add":
    case "wg-done":
    case "wg-wait": {
      const what = operation.op === "wg-add" ? "add" : operation.op === "wg-done" ? "done" : "wait";
      const after =
        what === "wait" && isAwaited(use) ? suspend(l, call, next, flow, hasSignal(call, 0)) : next;
      return evaluate(l, call, place ? l.node({ kind: "wg", what, place, call, use }, after) : after, flow);
    }
    case "wg-go":
      return lowerSpawn(l, call, place, next, flow);
    case "spawn":
      return lowerSpawn(l, call, undefined, next, flow);
    case "block": {
      const rejects = operation.rejects || call.arguments.some((_, index) => hasSignal(call, index));
      return evaluate(l, call, isAwaited(use) ? suspend(l, call, next, flow, rejects) : next, flow);
    }
    case "defer":
      // What `using` runs at the end of the block stands there in the graph, and nowhere else.
      return isUsing(call.parent) ? next : evaluate(l, call, next, flow);
    case "view":
    case "harmless":
      return evaluate(l, call, next, flow);
  }
}

function lowerAcquire(
  l: Lowering,
  call: ts.CallExpression,
  operation: Operation & { op: "acquire" },
  place: Place | undefined,
  next: CfgNode,
  flow: Flow,
  use: Use,
  result: number | undefined,
): CfgNode {
  if (place === undefined)
    return evaluate(l, call, isAwaited(use) ? suspend(l, call, next, flow, hasSignal(call, 0)) : next, flow);
  if (use === "value") {
    // Kept in a variable it takes effect where that is awaited; elsewhere this path loses sight of it.
    return result === undefined ? evaluate(l, call, l.node({ kind: "escape", place }, next), flow) : next;
  }
  const mode = place.view ?? operation.mode;
  const taken = l.node(
    { kind: "acquire", place, mode, form: operation.form, call, use, guard: result },
    next,
  );
  // Given up by its signal, a request throws and takes nothing.
  return evaluate(l, call, suspend(l, call, taken, flow, hasSignal(call, 0)), flow);
}

function lowerSection(
  l: Lowering,
  call: ts.CallExpression,
  operation: Operation & { op: "acquire" },
  place: Place | undefined,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  const callback = call.arguments[0];
  const body = callbackBody(callback, l.snapshot);
  const waited = isWaitedFor(use);
  if (place === undefined || body === undefined || !waited) {
    const after = waited ? suspend(l, call, next, flow, true) : next;
    return evaluate(l, call, after, flow);
  }
  const mode = place.view ?? operation.mode;
  const inside = (after: CfgNode, inner: Flow): CfgNode => {
    const literal = callback && bare(callback);
    if (literal !== undefined && isFunctionLiteral(literal)) return l.inline(body, after, inner);
    const called = l.node(
      {
        kind: "call",
        target: body,
        call,
        receiver: undefined,
        arguments: [],
        callbacks: [],
        use: "awaited",
        result: undefined,
      },
      after,
      { onThrow: inner.throwTo() },
    );
    return called;
  };
  const end = (after: CfgNode) => l.node({ kind: "section-end", place, mode, node: call }, after);
  const section = protect(next, flow, end, inside);
  const taken = l.node(
    { kind: "acquire", place, mode, form: "section", call, use, guard: undefined },
    section,
  );
  return lowerReceiver(l, call.expression, suspend(l, call, taken, flow, hasSignal(call, 1)), flow);
}

/** A WaitOptions argument: an object that names a signal, or anything that is not a literal. */
function hasSignal(call: ts.CallExpression, index: number): boolean {
  const argument = call.arguments[index];
  if (argument === undefined) return false;
  const at = bare(argument);
  if (ts.isObjectLiteralExpression(at)) {
    return at.properties.some(
      (property) => property.name === undefined || property.name.getText() === "signal",
    );
  }
  return ts.isIdentifier(at) && index >= 0 && /signal|options|opts/i.test(at.text);
}

function lowerSpawn(
  l: Lowering,
  call: ts.CallExpression,
  counted: Place | undefined,
  next: CfgNode,
  flow: Flow,
): CfgNode {
  const body = callbackBody(call.arguments[0], l.snapshot);
  if (body === undefined) return evaluate(l, call, next, flow);
  return lowerReceiver(l, call.expression, l.node({ kind: "spawn", body, call, counted }, next), flow);
}

function lowerKnownBody(
  l: Lowering,
  call: ts.CallExpression,
  callee: Callee & { kind: "body" },
  next: CfgNode,
  flow: Flow,
  use: Use,
  result: number | undefined,
): CfgNode {
  const places = call.arguments.map((argument) =>
    ts.isSpreadElement(argument) ? undefined : placeOf(argument, l.snapshot),
  );
  const { declaration: target } = callee;
  const receiver = callee.receiver && placeOf(callee.receiver, l.snapshot);
  const never = l.snapshot.neverReturns(call);
  const called = l.node(
    { kind: "call", target, call, receiver, arguments: places, callbacks: callbacksOf(l, call), use, result },
    never ? undefined : next,
    { onThrow: flow.throwTo() },
  );
  const started = isAwaited(use) ? l.node({ kind: "await", node: call }, called) : called;
  const values = call.arguments.filter(
    (_, index) => places[index] === undefined || isClosure(call.arguments[index]),
  );
  return lowerReceiver(l, call.expression, sequence(l, values, started, flow, "value"), flow);
}

function callbacksOf(l: Lowering, call: ts.CallExpression): (FunctionWithBody | undefined)[] {
  return call.arguments.map((argument) =>
    ts.isSpreadElement(argument) ? undefined : callbackBody(argument, l.snapshot),
  );
}

function isClosure(argument: ts.Expression | undefined): boolean {
  return argument !== undefined && isFunctionLiteral(bare(argument));
}

/** `(async () => { … })()`: here and now when awaited, a task of its own when not. */
function lowerImmediatelyInvoked(
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

function isPromiseChain(callee: Callee): boolean {
  return (
    callee.kind === "builtin" &&
    callee.owner === "Promise" &&
    ["then", "catch", "finally"].includes(callee.name)
  );
}

/** `mu.lock().then(…)`: what happens after the lock is ours happens in a callback; the path ends here. */
function lowerChain(l: Lowering, call: ts.CallExpression, next: CfgNode, flow: Flow, use: Use): CfgNode {
  const after = isAwaited(use) ? suspend(l, call, next, flow, true) : next;
  const source = bare((bare(call.expression) as ts.PropertyAccessExpression).expression);
  const callbacks = sequence(l, call.arguments, after, flow, "value");
  if (!ts.isCallExpression(source)) return lowerReceiver(l, source, callbacks, flow);
  const callee = l.snapshot.calleeOf(source);
  const place =
    callee.kind === "method" && callee.operation.op === "acquire"
      ? placeOf(callee.receiver, l.snapshot)
      : undefined;
  if (place !== undefined) return l.node({ kind: "escape", place }, callbacks);
  return l.call(source, callbacks, flow, "value");
}

function isPromiseCombinator(callee: Callee): boolean {
  return (
    callee.kind === "builtin" &&
    callee.owner === "PromiseConstructor" &&
    ["all", "allSettled"].includes(callee.name)
  );
}

/** `await Promise.all([a.lock(), b.lock()])` awaits each. */
function lowerCombinator(l: Lowering, call: ts.CallExpression, next: CfgNode, flow: Flow, use: Use): CfgNode {
  const list = call.arguments[0] && bare(call.arguments[0]);
  if (list === undefined || !ts.isArrayLiteralExpression(list) || use === "value") {
    return evaluate(l, call, isAwaited(use) ? suspend(l, call, next, flow, true) : next, flow);
  }
  const rejects = list.elements.some((element) => !isModelledCall(l, element));
  const after = isAwaited(use) && rejects ? suspend(l, call, next, flow, true) : next;
  return list.elements.reduceRight((following, element) => {
    const at = bare(element);
    return ts.isCallExpression(at) && isModelledCall(l, at)
      ? l.call(at, following, flow, use)
      : l.expression(at, following, flow, "value");
  }, after);
}

function isModelledCall(l: Lowering, element: ts.Expression): boolean {
  const at = bare(element);
  return ts.isCallExpression(at) && l.snapshot.calleeOf(at).kind === "method";
}

function lowerUnknown(
  l: Lowering,
  call: ts.CallExpression,
  callee: Callee,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  if (runsCallbackAtOnce(callee)) return lowerImmediateCallback(l, call, callee, next, flow);
  const parameter = calledParameter(l, call);
  const harmless =
    callee.kind === "builtin" ? isHarmlessBuiltin(callee, call) : isConsole(call) || isSettle(l, call);
  const waited = isAwaited(use) ? l.node({ kind: "await", node: call }, next) : next;
  const throws = isAwaited(use) || !harmless;
  const returned = l.snapshot.neverReturns(call) ? undefined : waited;
  const called = throws
    ? l.node({ kind: "may-throw", node: call, forgets: !harmless }, returned, { onThrow: flow.throwTo() })
    : waited;
  return evaluate(
    l,
    call,
    parameter === undefined ? called : l.node({ kind: "invoke", parameter, use }, called),
    flow,
  );
}

/** The position of the parameter that a call calls: `fn()` where `fn` came in as an argument. */
function calledParameter(l: Lowering, call: ts.CallExpression): number | undefined {
  const name = bare(call.expression);
  const declaration = ts.isIdentifier(name) ? l.snapshot.variableOf(name)?.declaration : undefined;
  if (declaration === undefined || !ts.isParameter(declaration)) return undefined;
  return declaration.parent.parameters.indexOf(declaration);
}

/** `resolve(…)` and `reject(…)` of a promise's executor. */
function isSettle(l: Lowering, call: ts.CallExpression): boolean {
  const name = bare(call.expression);
  const declaration = ts.isIdentifier(name) ? l.snapshot.variableOf(name)?.declaration : undefined;
  const made = declaration && ts.isParameter(declaration) ? declaration.parent.parent : undefined;
  return made !== undefined && ts.isNewExpression(made) && made.expression.getText() === "Promise";
}

/** Where neither the DOM's nor Node's types are loaded, `console` is known by its name. */
function isConsole(call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && callee.expression.getText() === "console";
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
function lowerImmediateCallback(
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
  else if (literal) once = l.inline(body, again, flow);
  else {
    once = l.node(
      {
        kind: "call",
        target: body,
        call,
        receiver: undefined,
        arguments: [],
        callbacks: [],
        use: "value",
        result: undefined,
      },
      again,
      { onThrow: flow.throwTo() },
    );
  }
  again.next = l.node({ kind: "branch", condition: undefined, node: call }, once, { alt: next });
  return lowerReceiver(l, call.expression, sequence(l, others, again, flow, "value"), flow);
}
