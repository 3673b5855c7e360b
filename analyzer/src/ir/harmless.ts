import ts from "typescript";
import type { Callee, Snapshot } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";

/**
 * Calls into the language's own library that do not throw on any sane argument. `unlock-not-in-finally`
 * and the ways out of a `try` rest on this: what is not listed may throw.
 */
const harmlessOwners = new Set([
  "Console",
  "Math",
  "Performance",
  "Map",
  "WeakMap",
  "Set",
  "WeakSet",
  "ReadonlyMap",
  "ReadonlySet",
  "MapIterator",
  "SetIterator",
  "ArrayIterator",
  "IteratorObject",
  "Iterator",
  "Date",
  "DateConstructor",
  "NumberConstructor",
  "ArrayConstructor",
  "Array",
  "ReadonlyArray",
  "String",
  "Number",
  "Boolean",
  "AbortController",
  "Crypto",
  "PromiseConstructor",
]);

const throwing = new Set([
  "repeat",
  "normalize",
  "toFixed",
  "toPrecision",
  "toString",
  "toISOString",
  "fromAsync",
  "from",
  "with",
]);

/** `toString` of a number takes a radix; without arguments nothing of these can throw. */
const throwingOnlyWithArguments = new Set(["toString", "toFixed", "toPrecision"]);

const harmlessFunctions = new Set([
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "queueMicrotask",
  "isNaN",
  "isFinite",
  "parseInt",
  "parseFloat",
]);

const harmlessObjectFunctions = new Set([
  "keys",
  "values",
  "entries",
  "is",
  "hasOwn",
  "freeze",
  "fromEntries",
]);

const callableConstructors = new Set(["String", "Number", "Boolean", "Symbol"]);

export function isHarmlessBuiltin(callee: Callee & { kind: "builtin" }, call: ts.CallExpression): boolean {
  if (callee.owner === undefined) {
    return harmlessFunctions.has(callee.name) || callableConstructors.has(callee.name);
  }
  if (callee.owner === "ObjectConstructor") return harmlessObjectFunctions.has(callee.name);
  if (!harmlessOwners.has(callee.owner)) return false;
  if (
    throwing.has(callee.name) &&
    !(throwingOnlyWithArguments.has(callee.name) && call.arguments.length === 0)
  )
    return false;
  return true;
}

/** The callbacks of these run at once, before the call returns; others run later or not at all. */
const immediate = new Set([
  "forEach",
  "map",
  "filter",
  "some",
  "every",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "reduce",
  "reduceRight",
  "flatMap",
  "sort",
  "toSorted",
]);

export function runsCallbackAtOnce(callee: Callee): boolean {
  if (callee.kind !== "builtin" || callee.owner === undefined) return false;
  if (callee.owner === "ArrayConstructor") return callee.name === "from";
  return /^(Readonly)?(Array|Map|Set)$|Array$/.test(callee.owner) && immediate.has(callee.name);
}

const harmlessConstructors = new Set([
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Date",
  "AbortController",
  "Promise",
  "Error",
  "TypeError",
  "RangeError",
]);

export function isHarmlessConstruction(expression: ts.NewExpression, snapshot: Snapshot): boolean {
  if (snapshot.constructed(expression) !== undefined) return true;
  const name = bare(expression.expression);
  return ts.isIdentifier(name) && (harmlessConstructors.has(name.text) || name.text.endsWith("Error"));
}

/** `process.exit()`: nothing of this program happens afterwards. */
export function endsProcess(call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return (
    ts.isPropertyAccessExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "process" &&
    (callee.name.text === "exit" || callee.name.text === "abort")
  );
}

/** A callback argument that is a function literal, or a name whose body is known. */
export function callbackBody(argument: ts.Expression | undefined, snapshot: Snapshot) {
  if (argument === undefined) return undefined;
  const at = bare(argument);
  return isFunctionLiteral(at) ? at : snapshot.bodyOf(at);
}
