import ts from "typescript";
import { bare } from "../../project/syntax.js";
import { read } from "./accesses.js";
import { epochOf, fork, type State } from "./state.js";
import { constant, derived, unknown, type Value } from "./values.js";
import { all, type Outcome, type Walker } from "./walker.js";

/** What a name stands for on this path. */
export function identifier(walker: Walker, node: ts.Identifier, state: State): Value {
  const binding = walker.scopes.bindingOf(node);
  if (binding === undefined) return node.text === "undefined" ? constant(false) : unknown;
  const known = walker.places.isShared(node, binding) ? undefined : state.env.get(binding);
  if (known !== undefined) return { ...known, variable: { binding, negated: false } };
  const place = walker.places.of(node, state);
  if (place === undefined || binding.kind === "function") return unknown;
  const value = read(state, place, node);
  return binding.kind === "const" ? { ...value, taints: [] } : value;
}

/** What a closure reads when it is made or called: it may be either. */
export function closure(walker: Walker, node: ts.ArrowFunction | ts.FunctionExpression, state: State): Value {
  const taints: Value["taints"][number][] = [];
  for (const at of mentionsOf(node)) {
    if (ts.isIdentifier(at)) {
      const binding = walker.scopes.bindingOf(at);
      const known = binding && state.env.get(binding);
      if (known !== undefined) taints.push(...known.taints);
    } else {
      const place = walker.places.of(at, state);
      if (place !== undefined && !isCallee(at)) state.reads.set(place.key, epochOf(state));
    }
  }
  return { ...unknown, truth: true, taints: derived([{ ...unknown, taints }]).taints };
}

type Mention = ts.Identifier | ts.PropertyAccessExpression;

const mentioned = new WeakMap<ts.Node, readonly Mention[]>();

/** The names and properties in a function literal, in the order of the text: many paths come to each literal. */
function mentionsOf(literal: ts.ArrowFunction | ts.FunctionExpression): readonly Mention[] {
  let known = mentioned.get(literal);
  if (known === undefined) {
    const found: Mention[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(literal.body);
    known = found;
    mentioned.set(literal, known);
  }
  return known;
}

function isCallee(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

/** A property or an element: a place of its own, where its object is one that others see. */
export function access(
  walker: Walker,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  state: State,
): Outcome[] {
  const getter = ts.isPropertyAccessExpression(node) ? walker.functions.getterOf(node) : undefined;
  if (getter !== undefined && !walker.stack.includes(getter) && walker.stack.length < 6)
    return walker.run(getter, [], state);
  const expressions = ts.isElementAccessExpression(node)
    ? [node.expression, node.argumentExpression]
    : [node.expression];
  return all(walker, receiverLess(walker, expressions, node, state), state).map(({ state: at, values }) => {
    const place = walker.places.of(node, at);
    if (ts.isPropertyAccessExpression(node) && node.name.text === "aborted") at.checked = epochOf(at);
    const whole = derived(values);
    if (place === undefined) return { state: at, value: whole };
    const through = rootOf(node);
    const binding = ts.isIdentifier(through) ? walker.scopes.bindingOf(through) : undefined;
    const known =
      binding && !walker.places.isShared(through as ts.Identifier, binding) && at.env.get(binding);
    if (!known) return { state: at, value: read(at, place, node) };
    // By way of a local: the object is the one that was read then, whatever stands in its place now.
    const seen = fork(at);
    const value = read(seen, place, node);
    return { state: at, value: { ...value, taints: [...derived([known]).taints, ...value.taints] } };
  });
}

function rootOf(node: ts.Expression): ts.Expression {
  let at = bare(node);
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = bare(at.expression);
  return at;
}

/** `this.a` of `this.a.b` is not read for itself when the whole names a place. */
function receiverLess(
  walker: Walker,
  expressions: readonly ts.Expression[],
  node: ts.Expression,
  state: State,
): readonly ts.Expression[] {
  return walker.places.of(node, state) === undefined ? expressions : [];
}
