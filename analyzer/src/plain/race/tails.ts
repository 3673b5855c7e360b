import ts from "typescript";
import { bare, isAsync, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import type { Stretch } from "./draft.js";
import { calleeName, isSpawn, keeperOf, runsMany } from "./names.js";

/** Methods of a promise that are given what runs when it has settled. */
export const continuations = new Set(["then", "catch", "finally"]);

/** `withLock(fn)`, `retry(async () => …)`: the task waits there, and runs the function as a part of itself. */
export function runsPart(call: ts.CallExpression): boolean {
  const literals = call.arguments.map((each) => bare(each)).filter(isFunctionLiteral);
  if (literals.length === 0 || isSpawn(call) || runsMany(call)) return false;
  return literals.some(isAsync) || keeperOf(call) === "section";
}

/** `go(async () => …)`, `x.then(() => …)`, `new Promise((resolve) => …)`: the function that is given. */
export function tailOf(node: ts.Node, body: ts.Node): Stretch | undefined {
  if (!isFunctionLiteral(node)) return undefined;
  const { parent } = meaningfulParent(node);
  const isGiven =
    ts.isCallExpression(parent) && parent.expression !== node
      ? isSpawn(parent) || continuations.has(calleeName(parent))
      : ts.isNewExpression(parent);
  return isGiven ? { from: node.pos, to: nextWait(node, body) } : undefined;
}

/** The end of the next statement that surely waits: what was started before has begun by then. */
function nextWait(node: ts.Node, body: ts.Node): number {
  if (!ts.isBlock(body)) return Number.POSITIVE_INFINITY;
  const next = body.statements.find((each) => each.pos >= node.end && waits(each));
  return next?.end ?? Number.POSITIVE_INFINITY;
}

function waits(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement)
    ? ts.isAwaitExpression(statement.expression)
    : ts.isVariableStatement(statement) &&
        statement.declarationList.declarations.some(
          ({ initializer }) => initializer !== undefined && ts.isAwaitExpression(initializer),
        );
}
