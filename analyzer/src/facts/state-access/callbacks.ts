import ts from "typescript";
import { bare, meaningfulParent } from "../../project/syntax.js";

const timers = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "nextTick",
  "requestAnimationFrame",
]);
const listeners = new Set(["on", "once", "addListener", "prependListener", "addEventListener", "subscribe"]);
const reactions = new Set(["then", "catch", "finally"]);

/**
 * When a function literal runs: `later` than the stretch of code that makes it (a timer, a listener), `now` if
 * whom it is passed to calls it at once. A reaction to a lock call runs with the lock: `unknown`.
 */
export function whenRun(literal: ts.Node): "now" | "later" | "unknown" {
  const { parent, child } = meaningfulParent(literal);
  if (!ts.isCallExpression(parent)) return isInsideCall(literal) ? "now" : "later";
  if (parent.expression === child) return "now";
  const callee = bare(parent.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  if (timers.has(name) || listeners.has(name)) return "later";
  if (!ts.isPropertyAccessExpression(callee) || !reactions.has(name)) return "now";
  return takesLock.test(callee.expression.getText()) ? "unknown" : "later";
}

const takesLock = /\b(?:lock|rLock|acquire|acquireRead|begin|take)\w*\s*\(/;

/** Part of an argument: an object with callbacks, a list of them. */
function isInsideCall(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== at;
    if (ts.isFunctionLike(parent) || ts.isStatement(parent)) return false;
  }
  return false;
}
