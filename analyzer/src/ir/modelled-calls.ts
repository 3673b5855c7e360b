import type ts from "typescript";
import type { Operation } from "../model/index.js";
import type { Callee } from "../project/port.js";
import { isUsing } from "../project/syntax.js";
import { amountOf } from "./amounts.js";
import { type CfgNode, isAwaited, isWaitedFor, type Use } from "./cfg.js";
import { lowerReceiver } from "./expressions.js";
import { guardsIn, releaserName } from "./guards.js";
import { callbackBody } from "./harmless.js";
import { type Flow, type Lowering, runCallback, sequence, suspend } from "./lowering.js";
import { evaluate, hasSignal } from "./operands.js";
import { type Place, placeOf } from "./place.js";
import { type Request, requestOf } from "./requests.js";
import { lowerSection } from "./sections.js";
import { lowerSelect } from "./select.js";

type Modelled = Callee & { kind: "method" | "function" };

/** A call that a library model knows: the operation that it is. */
export function lowerModelled(
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
      if (callee.kind !== "method") return evaluate(l, call, next, flow);
      if (operation.form === "section") return lowerSection(l, call, callee, operation, next, flow, use);
      return lowerAcquire(
        l,
        call,
        operation,
        requestOf(call, callee, operation, l.snapshot),
        next,
        flow,
        use,
        result,
      );
    case "try-acquire": {
      if (place === undefined) return evaluate(l, call, next, flow);
      const mode = place.view ?? operation.mode;
      const amount = amountOf(call, operation.amount, l.snapshot);
      if (operation.waits && use === "dropped" && !hasLimit(call, operation.amount)) {
        // Without a limit it waits until it has the lock.
        const taken = {
          kind: "acquire",
          place,
          mode,
          form: "plain",
          call,
          use: "awaited",
          guard: undefined,
          amount,
        } as const;
        return evaluate(l, call, l.node(taken, next), flow);
      }
      const tried = l.node({ kind: "try", place, mode, call, result, amount }, next, { alt: next });
      return evaluate(l, call, tried, flow);
    }
    case "release": {
      if (place === undefined) return evaluate(l, call, next, flow);
      const after = operation.async && isAwaited(use) ? suspend(l, call, next, flow, true) : next;
      const amount = amountOf(call, operation.amount, l.snapshot);
      const given = { kind: "release", place, mode: place.view ?? operation.mode, call, amount } as const;
      return l.node(given, after);
    }
    case "guard-release": {
      const guard = receiver && releaserName(receiver);
      const variable = guard && l.snapshot.variableOf(guard);
      const { idempotent = false } = operation;
      return variable
        ? l.node({ kind: "guard-release", guard: variable.id, node: call, implicit: false, idempotent }, next)
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
      return lowerSpawn(l, call, undefined, event(l, call, callee, place, next, use), flow);
    case "throws": {
      const after = l.node({ kind: "may-throw", node: call, forgets: false }, next, {
        onThrow: flow.throwTo(),
      });
      return evaluate(l, call, event(l, call, callee, place, after, use), flow);
    }
    case "block": {
      const chosen = operation.event === "select" ? lowerSelect(l, call, next, flow, use, result) : undefined;
      if (chosen !== undefined) return chosen;
      const rejects = operation.rejects || call.arguments.some((_, index) => hasSignal(call, index));
      const waited = isAwaited(use) ? suspend(l, call, next, flow, rejects) : next;
      return evaluate(l, call, event(l, call, callee, place, waited, use), flow);
    }
    case "runs":
      return lowerRuns(l, call, callee, operation.argument, place, next, flow, use);
    case "defer":
      // What `using` runs at the end of the block stands there in the graph, and nowhere else.
      return isUsing(call.parent) ? next : evaluate(l, call, next, flow);
    case "inspect":
      // Who asks the lock itself knows better than its path.
      return evaluate(l, call, place ? l.node({ kind: "escape", place }, next) : next, flow);
    case "wrap":
      // What it wraps is not handed over: it has one more name.
      return sequence(
        l,
        call.arguments.filter((_, index) => index !== operation.argument),
        next,
        flow,
        "value",
      );
    case "view":
    case "harmless":
      return evaluate(l, call, event(l, call, callee, place, next, use), flow);
  }
}

/** The operation itself, for the rules; a function's first argument is what it works on. */
function event(
  l: Lowering,
  call: ts.CallExpression,
  callee: Modelled,
  place: Place | undefined,
  next: CfgNode,
  use: Use,
): CfgNode {
  const { operation } = callee;
  if (!("event" in operation) || operation.event === undefined) return next;
  const [first] = call.arguments;
  const on = place ?? (callee.kind === "function" && first ? placeOf(first, l.snapshot) : undefined);
  return l.node({ kind: "operation", event: operation.event, place: on, call, use }, next);
}

/** `once.do(fn)`: the function may run here; the task waits for it. */
function lowerRuns(
  l: Lowering,
  call: ts.CallExpression,
  callee: Modelled,
  index: number,
  place: Place | undefined,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  const body = callbackBody(call.arguments[index], l.snapshot);
  const waited = isWaitedFor(use);
  const after = waited ? suspend(l, call, next, flow, true) : next;
  if (body === undefined || !waited)
    return evaluate(l, call, event(l, call, callee, place, after, use), flow);
  const run = runCallback(l, call, call.arguments[index], body, after, flow, "awaited");
  const choice = l.node({ kind: "branch", condition: undefined, node: call }, run, { alt: after });
  return lowerReceiver(l, call.expression, event(l, call, callee, place, choice, use), flow);
}

/** `lockSync(100)`, `acquireSync(1, 100)`: the time comes after the amount, if there is one. */
function hasLimit(call: ts.CallExpression, amount: number | undefined): boolean {
  return call.arguments.length > (amount === undefined ? 0 : amount + 1);
}

function lowerAcquire(
  l: Lowering,
  call: ts.CallExpression,
  operation: Operation & { op: "acquire" },
  { places: [place], mode, impatient }: Request,
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
  const { form } = operation;
  const amount = amountOf(call, operation.amount, l.snapshot);
  const request = {
    kind: "acquire",
    place,
    mode,
    form,
    call,
    use,
    guard: result,
    impatient,
    amount,
  } as const;
  const taken = l.node(request, next);
  // Given up by its signal, a request throws and takes nothing.
  const rejects = operation.rejects === true || call.arguments.some((_, index) => hasSignal(call, index));
  return evaluate(l, call, suspend(l, call, taken, flow, rejects), flow);
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
  const spawned = guardsIn(l, body, l.node({ kind: "spawn", body, call, counted }, next));
  return lowerReceiver(l, call.expression, spawned, flow);
}
