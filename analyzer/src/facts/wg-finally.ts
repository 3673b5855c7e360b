import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { usesOf } from "./uses.js";
import type { CountingTask } from "./wg-tasks.js";

/**
 * `go(async () => { try { … } finally { wg.done(); } })`, where nothing else in the program counts the group
 * down: one done on every path, and none of them need be followed.
 */
export function isDoneOnceFinally({ body, place }: CountingTask, snapshot: Snapshot): boolean {
  const [first] = ts.isBlock(body.body) ? body.body.statements : [];
  const last = first !== undefined && ts.isTryStatement(first) ? first.finallyBlock?.statements : undefined;
  const done = last?.[0] && callOf(last[0]);
  if (done === undefined || !isCallOf("done", done)) return false;
  const { calls, escapes, methodsPassed } = usesOf(place.field, snapshot);
  const dones = calls.filter(({ method }) => method === "done");
  return !escapes && methodsPassed.size === 0 && dones.length === 1 && dones[0]?.call === done;
}

function callOf(statement: ts.Statement): ts.CallExpression | undefined {
  const called = ts.isExpressionStatement(statement) ? statement.expression : undefined;
  return called !== undefined && ts.isCallExpression(called) ? called : undefined;
}

function isCallOf(method: string, call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === method;
}
