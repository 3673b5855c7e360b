import type ts from "typescript";
import { change, read, write } from "./accesses.js";
import { calleeName } from "./names.js";
import { epochOf, type State } from "./state.js";
import { fileAccess, filePlace, syncMapPlace } from "./stores.js";
import { constant, derived, type Place, type Taint, unknown, type Value } from "./values.js";
import { all, type Outcome, type Walker } from "./walker.js";

/** What a collection does, as far as it is named like those of the language. */
export function container(
  walker: Walker,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  place: Place,
  state: State,
): Outcome[] | undefined {
  const method = callee.name.text;
  const [key] = node.arguments;
  const count = node.arguments.length;
  const within = (): Place =>
    (key && walker.places.element(place, key)) ?? { ...place, key: `${place.key}<?${node.pos}>` };
  const whole = { ...within(), text: place.text };
  const after = (then: (at: State, values: Value[]) => Value): Outcome[] =>
    all(walker, node.arguments, state).map(({ state: at, values }) => ({
      state: at,
      value: then(at, values),
    }));
  if (key !== undefined && count === 1 && /^(?:get|has|includes|indexOf|hasOwnProperty)$/.test(method))
    return after((at) => {
      const value = read(at, within(), node);
      return method === "get"
        ? value
        : { ...value, taints: value.taints.map((each) => ({ ...each, strength: "derived" })) };
    });
  if (method === "set" && count === 2)
    return after((at, values) => {
      write(walker, at, within(), values[1] ?? unknown, node, "set");
      return unknown;
    });
  if (/^(?:add|push|unshift)$/.test(method) && count > 0)
    return after((at) => {
      change(walker, at, whole, node);
      return unknown;
    });
  if (/^(?:pop|shift)$/.test(method))
    return after((at) => {
      change(walker, at, whole, node);
      return unknown;
    });
  if (/^(?:delete|clear|splice)$/.test(method))
    return after((at) => {
      write(
        walker,
        at,
        key === undefined || method !== "delete" ? place : within(),
        constant(false),
        node,
        "set",
      );
      return unknown;
    });
  return undefined;
}

/** `load` and `store` of a SyncMap. */
export function syncMapCall(
  walker: Walker,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  state: State,
): Outcome[] | undefined {
  const method = callee.name.text;
  if (method !== "load" && method !== "store") return undefined;
  const map = syncMapPlace(callee.expression, walker.scopes);
  const [key] = node.arguments;
  const place = map && key && walker.places.element(map, key);
  if (place === undefined) return undefined;
  return all(walker, node.arguments, state).map(({ state: at, values }) => {
    if (method === "load") {
      const value = read(at, place, node);
      return { state: at, value: { ...value, alias: undefined, whenTrue: "other" } };
    }
    write(walker, at, place, values[1] ?? unknown, node, "set");
    return { state: at, value: unknown };
  });
}

/** What a call does to a file, given the values of its arguments; the file's content, when it reads one. */
export function fileCall(
  walker: Walker,
  node: ts.CallExpression,
  values: readonly Value[],
  state: State,
): Taint[] {
  const access = fileAccess(calleeName(node));
  const [name] = node.arguments;
  const place = access && name && filePlace(name, walker.scopes);
  if (place === undefined) return [];
  if (access === "read") return [{ place, node, epoch: epochOf(state), strength: "derived" }];
  write(walker, state, place, derived(values.slice(1)), node, "set");
  return [];
}
