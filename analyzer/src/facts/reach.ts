import ts from "typescript";
import { type CallOp, isWaitedFor, type ParameterPath } from "../ir/cfg.js";
import type { Place } from "../ir/place.js";
import { truth } from "../ir/truth.js";
import { bare, enclosingFunction, isAsync } from "../project/syntax.js";
import { noteEntrance } from "./entrances.js";
import { callbackOrder, noteInnerOrder, noteOrder, rebound } from "./order.js";
import { conflicts, type PathContext, parameterFacts } from "./path.js";
import { heldByAnotherName, soleInstance } from "./sole.js";
import { givenUp, type State, start } from "./state.js";
import type { Invoked, Summary, Taken } from "./summary.js";

/** What the callee waits for, it waits for behind what is held here. */
export function reachLocks(
  summary: Summary,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  for (const taken of summary.taken) {
    const place = bind(taken.place) ?? soleInstance(taken.place, context);
    if (place !== undefined && argumentsAllow(taken, op, state)) reach(taken, place, op, state, context);
  }
  for (const order of summary.orders) noteInnerOrder(order, bind, context);
  const behind = isHandedBack(op, context) ? start : state;
  for (const wanted of summary.acquires) noteOrder(rebound(wanted, bind), op.call, behind, context);
}

/** `return this.other()` in a try: the promise is the caller's to wait for, and the `finally` releases first. */
function isHandedBack(op: CallOp, context: PathContext): boolean {
  return op.use === "returned" && isAsync(op.target) && enclosingFunction(op.call) === context.unit;
}

function argumentsAllow(taken: Taken, op: CallOp, state: State): boolean {
  return taken.requires.every((wanted) => {
    const value = argumentValue(op, wanted, state);
    return value === undefined || value === wanted.value;
  });
}

function argumentValue(
  op: CallOp,
  { index, property, fallback }: ParameterPath,
  state: State,
): boolean | undefined {
  if (op.call.arguments.some(ts.isSpreadElement)) return undefined;
  const argument = op.call.arguments[index];
  if (argument === undefined) return fallback;
  if (property !== undefined) return propertyValue(bare(argument), property, fallback);
  const place = op.arguments[index];
  const fact = place && ts.isIdentifier(bare(argument)) ? state.facts.get(`#${place.key}`) : undefined;
  return fact?.value ?? truth(argument);
}

function propertyValue(argument: ts.Expression, name: string, fallback: boolean): boolean | undefined {
  if (!ts.isObjectLiteralExpression(argument) || argument.properties.some(ts.isSpreadAssignment))
    return undefined;
  const property = argument.properties.find((each) => each.name?.getText() === name);
  if (property === undefined) return fallback;
  return ts.isPropertyAssignment(property) ? truth(property.initializer) : undefined;
}

/** The callee wants a lock: held here it will wait for ever; untouched here it is this function's caller's turn. */
function reach(taken: Taken, place: Place, op: CallOp, state: State, context: PathContext): void {
  const lock = state.locks.get(place.key) ?? heldByAnotherName(place, state, context);
  if (lock === undefined) {
    if (state.detached || !context.isOutside(place)) return;
    const chain = [op.call, ...taken.chain];
    context.addTaken({
      place,
      mode: taken.mode,
      site: taken.site,
      chain,
      requires: parameterFacts(state),
    });
    return;
  }
  if (lock.status !== "held" || isHandedBack(op, context)) return;
  const hold = lock.holds.find((other) => conflicts(other.mode, taken.mode)) ?? lock.holds[0];
  if (hold !== undefined) {
    context.observations.reacquisitions.push({
      call: op.call,
      place,
      mode: taken.mode,
      hold,
      through: taken,
    });
  }
}

/** The callee's operations are this function's too. */
export function reachOperations(
  summary: Summary,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  if (state.detached) return;
  const own = [...state.locks.values()].flatMap((lock) => lock.holds);
  for (const reached of summary.reached) {
    const place = reached.place && bind(reached.place);
    const inner = reached.held.flatMap((hold) => {
      const at = bind(hold.place);
      return at === undefined ? [] : [{ ...hold, place: at }];
    });
    const held = [...own, ...inner].filter((hold) => context.isOutside(hold.place));
    const released = [...(reached.released ?? []).flatMap((each) => bind(each) ?? []), ...givenUp(state)];
    context.addReached({ ...reached, place, chain: [op.call, ...reached.chain], held, released });
  }
}

/** A callback that the callee runs wants a lock: one held here, or one that the callee holds meanwhile. */
export function reachInCallback(
  { parameter, waited, held, node }: Invoked,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  const callback = op.callbacks[parameter];
  if (callback === undefined) return passOn({ parameter, waited, held, node }, op, bind, state, context);
  const inner = held.flatMap((hold) => {
    const place = bind(hold.place);
    return place === undefined ? [] : [{ ...hold, place }];
  });
  noteEntrance(
    callback,
    { how: "callback", node: op.call, locks: state.locks, inner, op: undefined },
    context.observations,
  );
  if (isAsync(callback) && !waited) return;
  callbackOrder(context.summaryOf(callback), { held, node }, op.call, state, context);
  for (const taken of context.summaryOf(callback).taken) {
    if (taken.place.home?.parent === callback) continue;
    reach(taken, taken.place, op, state, context);
    const own = held.find(
      (hold) => bind(hold.place)?.key === taken.place.key && conflicts(hold.mode, taken.mode),
    );
    if (own !== undefined) {
      const hold = { ...own, place: taken.place };
      context.observations.reacquisitions.push({
        call: op.call,
        place: taken.place,
        mode: taken.mode,
        hold,
        through: taken,
      });
    }
  }
}

/** The function's own parameter goes on to one that calls it. */
function passOn(
  invoked: Invoked,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  const place = op.arguments[invoked.parameter];
  if (place?.parameter === undefined || place.path.length > 0 || place.home?.parent !== context.unit) return;
  const inner = invoked.held.flatMap((hold) => {
    const at = bind(hold.place);
    return at === undefined ? [] : [{ ...hold, place: at }];
  });
  const own = [...state.locks.values()].flatMap((lock) => lock.holds);
  const held = [...own, ...inner].filter((hold) => context.isOutside(hold.place));
  const node = inner.length > 0 ? invoked.node : op.call;
  context.addInvoked({
    parameter: place.parameter,
    waited: invoked.waited && isWaitedFor(op.use),
    held,
    node,
  });
}
