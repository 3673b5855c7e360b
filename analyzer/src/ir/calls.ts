import ts from "typescript";
import { noPromises, promisesOf } from "../annotations/functions.js";
import { mentionsAnnotation } from "../annotations/parse.js";
import type { Callee, FunctionWithBody } from "../project/port.js";
import { bare, enclosingFunction, isFunctionLiteral, meaningfulParent } from "../project/syntax.js";
import { noteAccess } from "./accesses.js";
import { type CfgNode, isAwaited, type Use } from "./cfg.js";
import { lowerReceiver } from "./expressions.js";
import { guardsIn } from "./guards.js";
import { callbackBody, endsProcess, isHarmlessBuiltin, runsCallbackAtOnce } from "./harmless.js";
import { lowerImmediateCallback, lowerImmediatelyInvoked } from "./immediate-calls.js";
import { type Flow, type Lowering, sequence } from "./lowering.js";
import { lowerModelled } from "./modelled-calls.js";
import { neverReturns } from "./never.js";
import { evaluate } from "./operands.js";
import { placeOf } from "./place.js";
import {
  isPromiseChain,
  isPromiseCombinator,
  isSettle,
  lowerChain,
  lowerCombinator,
} from "./promise-calls.js";
import { lowerReleaserCall } from "./releaser-calls.js";

/** One call: which operation it is, what it does with its arguments, where it may throw to. */
export function lowerCall(
  l: Lowering,
  call: ts.CallExpression,
  next: CfgNode,
  flow: Flow,
  use: Use,
  result?: number,
  outcome?: string,
): CfgNode {
  if (endsProcess(call)) return evaluate(l, call, l.node(undefined, undefined), flow);
  const callee = l.snapshot.calleeOf(call);
  if (callee.kind === "method" || callee.kind === "function")
    return lowerModelled(l, call, callee, next, flow, use, result);
  const promised =
    callee.kind === "unknown" || callee.kind === "bodies" ? promisedSignature(l, call) : undefined;
  if (promised !== undefined) return lowerKnownBody(l, call, promised, next, flow, use, result);
  if (callee.kind === "body" || callee.kind === "bodies")
    return lowerKnownBody(l, call, callee, next, flow, use, result, outcome);
  const literal = bare(call.expression);
  if (isFunctionLiteral(literal))
    return lowerImmediatelyInvoked(l, call, literal as FunctionWithBody & ts.Expression, next, flow, use);
  if (isPromiseChain(callee)) return lowerChain(l, call, next, flow, use);
  if (isPromiseCombinator(callee) && use !== "dropped")
    return lowerCombinator(l, call, next, flow, use === "awaited" && result !== undefined ? "kept" : use);
  const released = callee.kind === "unknown" ? lowerReleaserCall(l, call, next, flow) : undefined;
  if (released !== undefined) return released;
  return lowerUnknown(l, call, callee, next, flow, use);
}

function lowerKnownBody(
  l: Lowering,
  call: ts.CallExpression,
  callee: Callee & { kind: "body" | "bodies" },
  next: CfgNode,
  flow: Flow,
  use: Use,
  result: number | undefined,
  outcome?: string,
): CfgNode {
  const places = call.arguments.map((argument) =>
    ts.isSpreadElement(argument) ? undefined : placeOf(argument, l.snapshot),
  );
  const [target, ...others] = callee.kind === "body" ? [callee.declaration] : callee.declarations;
  if (target === undefined) return lowerUnknown(l, call, callee, next, flow, use);
  const owner = callee.handed?.owner && placeOf(callee.handed.owner, l.snapshot);
  const instead = {
    ...(others.length > 0 && { others }),
    ...(callee.handed && { handed: { owner } }),
  };
  const receiver = callee.receiver && placeOf(callee.receiver, l.snapshot);
  const never = neverReturns(call, callee, l.snapshot);
  const called = l.node(
    {
      kind: "call",
      target,
      ...instead,
      call,
      receiver,
      arguments: places,
      callbacks: callbacksOf(l, call),
      use,
      result,
      outcome,
      joined: use === "value" && isJoined(call, l),
    },
    never ? undefined : next,
    { onThrow: flow.throwTo() },
  );
  const started = isAwaited(use) ? l.node({ kind: "await", node: call }, called) : called;
  const values = call.arguments.filter(
    (_, index) => places[index] === undefined || isClosure(call.arguments[index]),
  );
  // What is passed by name is read all the same.
  const read = passedNames(call.arguments).reduceRight((after, name) => noteAccess(l, name, after), started);
  // A function declared beside it may release what this one holds.
  const entered = isNested(target, call) ? guardsIn(l, target, read) : read;
  return lowerReceiver(l, call.expression, sequence(l, values, entered, flow, "value"), flow);
}

function passedNames(values: readonly ts.Expression[]): (ts.Identifier | ts.PropertyAccessExpression)[] {
  return values.map(bare).filter((at) => ts.isIdentifier(at) || ts.isPropertyAccessExpression(at));
}

/** A method of an interface whose comment says what it does to locks: whoever implements it keeps to that. */
function promisedSignature(l: Lowering, call: ts.CallExpression): (Callee & { kind: "body" }) | undefined {
  const signature = l.snapshot.signatureOf(call);
  if (signature === undefined || !mentionsAnnotation(signature.getSourceFile())) return undefined;
  if (promisesOf(signature, l.snapshot) === noPromises) return undefined;
  const callee = bare(call.expression);
  const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
  return { kind: "body", declaration: signature as FunctionWithBody, receiver };
}

function isJoined(call: ts.CallExpression, l: Lowering): boolean {
  const list = meaningfulParent(call).parent;
  const all = ts.isArrayLiteralExpression(list) ? list.parent : undefined;
  return (
    all !== undefined &&
    ts.isCallExpression(all) &&
    ts.isAwaitExpression(meaningfulParent(all).parent) &&
    isPromiseCombinator(l.snapshot.calleeOf(all))
  );
}

/** Whether a function can see the variables of the one that calls it. */
function isNested(target: FunctionWithBody, call: ts.CallExpression): boolean {
  const home = enclosingFunction(call);
  if (ts.isSourceFile(home)) return false;
  for (let at: ts.Node | undefined = target.parent; at !== undefined; at = at.parent)
    if (at === home) return true;
  return false;
}

function callbacksOf(l: Lowering, call: ts.CallExpression): (FunctionWithBody | undefined)[] {
  return call.arguments.map((argument) =>
    ts.isSpreadElement(argument) ? undefined : callbackBody(argument, l.snapshot),
  );
}

function isClosure(argument: ts.Expression | undefined): boolean {
  return argument !== undefined && isFunctionLiteral(bare(argument));
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
  const returned = !harmless && neverReturns(call, callee, l.snapshot) ? undefined : waited;
  const called = throws
    ? l.node({ kind: "may-throw", node: call, forgets: !harmless }, returned, { onThrow: flow.throwTo() })
    : waited;
  return evaluate(
    l,
    call,
    parameter === undefined ? called : l.node({ kind: "invoke", parameter, use, node: call }, called),
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

/** Where neither the DOM's nor Node's types are loaded, `console` is known by its name. */
function isConsole(call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && callee.expression.getText() === "console";
}
