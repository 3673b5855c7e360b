import ts from "typescript";
import { bare } from "../../project/syntax.js";
import { write } from "./accesses.js";
import { isRelevant } from "./relevance.js";
import { isPartOf, rebind, type State } from "./state.js";
import { derived, type Place, unknown, type Value } from "./values.js";
import type { Walker } from "./walker.js";

/** Assigns a value to a variable, a place or a pattern; gives back the value of the assignment. */
export function assignTo(
  walker: Walker,
  target: ts.Expression,
  value: Value,
  state: State,
  node: ts.Node,
): Value {
  const left = bare(target);
  if (ts.isArrayLiteralExpression(left)) {
    for (const each of left.elements)
      if (!ts.isOmittedExpression(each))
        assignTo(walker, ts.isSpreadElement(each) ? each.expression : each, derived([value]), state, node);
    return value;
  }
  if (ts.isObjectLiteralExpression(left)) {
    for (const each of left.properties) {
      if (ts.isPropertyAssignment(each)) assignTo(walker, each.initializer, derived([value]), state, node);
      else if (ts.isShorthandPropertyAssignment(each))
        assignTo(walker, each.name, derived([value]), state, node);
      else if (ts.isSpreadAssignment(each)) assignTo(walker, each.expression, derived([value]), state, node);
    }
    return value;
  }
  if (ts.isBinaryExpression(left)) return assignTo(walker, left.left, value, state, node);
  if (ts.isIdentifier(left)) {
    const binding = walker.scopes.bindingOf(left);
    if (binding === undefined) return value;
    const place = walker.places.isShared(left, binding) ? walker.places.of(left, state) : undefined;
    if (place === undefined) {
      rebind(state, binding, kept(walker, value));
      return value;
    }
    return store(walker, place, value, state, node);
  }
  const place = walker.places.of(left, state);
  return place === undefined ? value : store(walker, place, value, state, node);
}

function store(walker: Walker, place: Place, value: Value, state: State, node: ts.Node): Value {
  write(walker, state, place, value, node, "set");
  for (const [binding, known] of state.env)
    if (known.alias !== undefined && isPartOf(known.alias.key, place.key))
      state.env.set(binding, { ...known, alias: undefined });
  const { variable } = value;
  if (variable !== undefined && !variable.negated) {
    const known = state.env.get(variable.binding);
    if (known !== undefined) state.env.set(variable.binding, { ...known, alias: place });
  }
  return { ...value, alias: place };
}

/** What a variable remembers of its value. */
function kept(walker: Walker, value: Value): Value {
  return {
    ...value,
    variable: undefined,
    taints: value.taints.filter((each) => isRelevant(each.place, walker.written)),
  };
}

/** The variables of a declaration or parameter get their values. */
export function bind(walker: Walker, name: ts.BindingName, value: Value, state: State): void {
  if (ts.isIdentifier(name)) {
    const binding = walker.scopes.declaredBy(name);
    if (binding !== undefined) rebind(state, binding, kept(walker, value));
    return;
  }
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue;
    const key = element.propertyName ?? element.name;
    const whole = value.alias;
    const part =
      whole !== undefined &&
      ts.isObjectBindingPattern(name) &&
      !element.dotDotDotToken &&
      ts.isIdentifier(key)
        ? walker.places.part(whole, key.text)
        : undefined;
    bind(
      walker,
      element.name,
      part === undefined ? derived([value]) : partOf(value, part, element, state),
      state,
    );
  }
}

function partOf(value: Value, place: Place, node: ts.Node, state: State): Value {
  const epoch = state.awaits?.count ?? 0;
  return {
    ...unknown,
    alias: place,
    whenTrue: "present",
    taints: [...derived([value]).taints, { place, node, epoch, strength: "same" }],
  };
}
