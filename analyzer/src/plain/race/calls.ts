import ts from "typescript";
import { bare, enclosingFunction, isAsync, isFunctionLiteral, isGenerator } from "../../project/syntax.js";
import type { Body } from "../parts.js";
import { container, fileCall, syncMapCall } from "./containers.js";
import { acquired, release, section } from "./locking.js";
import { calleeName, isAcquire, isRelease, isSpawn, keeperOf, runsMany } from "./names.js";
import { epochOf, type State } from "./state.js";
import { derived, handedOn, leftOut, unknown, type Value } from "./values.js";
import { all, type Outcome, type Walker } from "./walker.js";

type Call = ts.CallExpression | ts.NewExpression;

/** How deep calls of the file's own functions are followed. */
const deepest = 4;

export function call(walker: Walker, node: Call, state: State, awaited: boolean): Outcome[] {
  if (ts.isNewExpression(node)) return construction(walker, node, state);
  const callee = bare(node.expression);
  const literals = node.arguments.map((each) => bare(each)).filter(isFunctionLiteral);
  if (
    ts.isPropertyAccessExpression(callee) &&
    /^(?:then|catch|finally)$/.test(callee.name.text) &&
    node.arguments.length > 0
  )
    return continuation(walker, node, callee, literals, state);
  const target = walker.functions.targetOf(node);
  if (target !== undefined && !isGenerator(target)) return ownCall(walker, node, target, state, awaited);
  const stored = ts.isPropertyAccessExpression(callee) ? syncMapCall(walker, node, callee, state) : undefined;
  if (stored !== undefined) return stored;
  const keeper = literals.length > 0 && !runsMany(node) ? keeperOf(node) : undefined;
  if (keeper === "section") return section(walker, node, literals.at(-1) as Body, state, awaited);
  if (ts.isPropertyAccessExpression(callee) && !awaited) {
    const place = walker.places.of(callee.expression, state);
    const known = place && container(walker, node, callee, place, state);
    if (known !== undefined) return known;
  }
  const outcomes = plainCall(walker, node, callee, keeper === undefined ? literals : [], state, awaited);
  // Whoever asks at the same time gets the same.
  return keeper === "shared"
    ? outcomes.map(({ state: at }) => ({ state: at, value: { ...unknown, origin: "shared" } }))
    : outcomes;
}

function construction(walker: Walker, node: ts.NewExpression, state: State): Outcome[] {
  const own = (node.arguments ?? []).map((each) => bare(each));
  const executor = own[0];
  if (executor !== undefined && isFunctionLiteral(executor) && node.expression.getText() === "Promise") {
    walker.later(state, { body: executor as Body, argument: [], node, later: false });
    return [{ state, value: { ...unknown, truth: true } }];
  }
  return all(walker, own, state).map(({ state: at, values }) => ({
    state: at,
    value: { ...derived(values), truth: true },
  }));
}

/** `promise.then(fn)`: fn runs when the task has been suspended. */
function continuation(
  walker: Walker,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  literals: readonly (ts.ArrowFunction | ts.FunctionExpression)[],
  state: State,
): Outcome[] {
  return walker.evaluate(callee.expression, state).map(({ state: at, value }) => {
    const shared = value.alias !== undefined || value.origin === "shared";
    const given: Value = {
      ...unknown,
      taints: shared ? [] : handedOn(derived([value]), []).taints,
      origin: shared ? "shared" : "made",
      decided: [...at.decisions.values()],
    };
    const link = isLinked(callee);
    for (const literal of literals)
      if (!link) walker.later(at, { body: literal as Body, argument: [given], node, later: true });
    return {
      state: at,
      value: { ...unknown, truth: true, origin: shared ? ("shared" as const) : ("other" as const) },
    };
  });
}

/** A link of a chain that is extended: `this.tail = this.tail.then(fn)`. One link runs after the other. */
function isLinked(callee: ts.PropertyAccessExpression): boolean {
  const chain = bare(callee.expression);
  if (!ts.isPropertyAccessExpression(chain) && !ts.isIdentifier(chain)) return false;
  const written = chain.getText();
  let found = false;
  const visit = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      node.left.getText() === written
    )
      found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(enclosingFunction(callee));
  return found;
}

/** A call of a function of this file is followed into its body. */
function ownCall(
  walker: Walker,
  node: ts.CallExpression,
  target: Body,
  state: State,
  awaited: boolean,
): Outcome[] {
  return all(walker, node.arguments, state).flatMap(({ state: at, values: given }): Outcome[] => {
    const values = [...given, ...argumentsLeftOut(node, target)];
    if (walker.stack.includes(target) || walker.stack.length > deepest || !walker.isFollowed(target))
      return [{ state: at, value: awaited ? handedOn(derived(values), values) : derived(values) }];
    if (isAsync(target) && !awaited) {
      walker.later(at, { body: target, argument: values, node, later: false });
      return [{ state: at, value: { ...unknown, truth: true } }];
    }
    noteCall(walker, target, at);
    return walker.run(target, values, at).map((each) => ({
      ...each,
      value: { ...each.value, variable: undefined },
    }));
  });
}

/** The parameters that the call has no argument for are undefined. */
function argumentsLeftOut(node: ts.CallExpression, target: Body): Value[] {
  if (node.arguments.some(ts.isSpreadElement)) return [];
  return target.parameters
    .slice(node.arguments.length)
    .map(({ initializer, dotDotDotToken }) => (initializer || dotDotDotToken ? unknown : leftOut));
}

/** Whether every call of the function that was followed came from a stretch that keeps others out. */
export function noteCall(walker: Walker, target: Body, state: State): void {
  walker.keptCalls.set(target, (walker.keptCalls.get(target) ?? true) && state.sections.length > 0);
}

function plainCall(
  walker: Walker,
  node: ts.CallExpression,
  callee: ts.Expression,
  literals: readonly (ts.ArrowFunction | ts.FunctionExpression)[],
  state: State,
  awaited: boolean,
): Outcome[] {
  const receiver =
    ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee) ? [callee.expression] : [];
  return all(walker, [...receiver, ...node.arguments], state).flatMap(({ state: at, values }): Outcome[] => {
    if (calleeName(node) === "throwIfAborted") at.checked = epochOf(at);
    if (isRelease(node)) release(at, callee);
    else if (isAcquire(node) && literals.length === 0 && !awaited) acquired(at, node);
    const asked =
      awaited && !/^(?:JSON|Object|Math|Number|String|Array|structuredClone)\b/.test(callee.getText());
    const value = asked ? handedOn(derived(values), values.slice(receiver.length)) : derived(values);
    const content = fileCall(walker, node, values.slice(receiver.length), at);
    const plain = { ...value, alias: undefined, decided: [], taints: [...value.taints, ...content] };
    for (const literal of literals)
      if (isSpawn(node)) walker.later(at, { body: literal as Body, argument: [], node, later: true });
    const once = literals.find((each) => isAsync(each));
    if (!awaited || once === undefined || runsMany(node) || isSpawn(node))
      return [{ state: at, value: plain }];
    // `await retry(async () => …)`: a part of the task, after something unknown.
    walker.suspend(at, node);
    return walker.run(once as Body, [], at);
  });
}
