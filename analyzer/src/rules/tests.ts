import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";

const testRunners = new Set(["it", "test", "specify", "beforeEach", "afterEach", "beforeAll", "afterAll"]);

/**
 * Whether the node stands in a test or its set-up. What throws there ends the test and is seen, and a
 * lock taken and given back at once is how a test asks whether it can be had.
 */
export function isInTest(node: ts.Node, snapshot: Snapshot): boolean {
  return callsAround(node).some(
    (call) => testRunners.has(rootName(call.expression)) && snapshot.calleeOf(call).kind !== "body",
  );
}

/** `expect(() => mu.unlock()).toThrow()`, `assert.throws(() => mu.unlock())`: misuse on purpose. */
export function isExpectedToThrow(node: ts.Node): boolean {
  return callsAround(node).some((call) => {
    const callee = bare(call.expression);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
    return name === "expect" || name === "throws";
  });
}

/** The calls that are passed a function with the node in it. */
function callsAround(node: ts.Node): ts.CallExpression[] {
  const calls: ts.CallExpression[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (isFunctionLiteral(at) && ts.isCallExpression(parent) && parent.expression !== at) calls.push(parent);
  }
  return calls;
}

/** `it` of `it.only`, `it.each(table)`, `it.skipIf(condition)`. */
function rootName(expression: ts.Expression): string {
  let at = bare(expression);
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at) || ts.isTaggedTemplateExpression(at)) {
    at = bare(ts.isTaggedTemplateExpression(at) ? at.tag : at.expression);
  }
  return ts.isIdentifier(at) ? at.text : "";
}
