import ts from "typescript";
import { enclosingStatement, listOf, statementOf } from "../../fixes/statements.js";
import { type Place, placeOf } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import { bare, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { mayBeModelled } from "../events.js";
import { isReadInRead } from "../reentrancy.js";
import type { Rule } from "../rule.js";
import { isInTest } from "../tests.js";
import { lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const emptyCriticalSection: Rule = {
  id: "empty-critical-section",
  title: "Nothing is protected",
  severity: "warning",
  doc,
  sources,
  *run({ calls, snapshot, units }) {
    // A lock that is never granted has no section.
    const stuck = new Set(
      units.flatMap(({ observations }) =>
        observations.reacquisitions.filter((each) => !isReadInRead(each)).map((each) => each.call),
      ),
    );
    for (const call of calls) {
      if (!mayBeModelled(call, snapshot) || !looksEmpty(call)) continue;
      const callee = snapshot.calleeOf(call);
      if (callee.kind !== "method" || callee.operation.op !== "acquire" || stuck.has(call)) continue;
      // To take a permit and give it back is to wait until there is one.
      if (callee.operation.mode === "permit") continue;
      const place = placeOf(callee.receiver, snapshot);
      const empty =
        callee.operation.form === "section"
          ? isEmptyFunction(call.arguments[0])
          : place && isReleasedNext(call, place, snapshot);
      if (!empty || isInTest(call, snapshot) || isGate(call)) continue;
      yield {
        node: call,
        message: `${lockName(call, place?.text ?? callee.receiver.getText(), snapshot)} is locked and released with nothing between`,
      };
    }
  },
};

/** By its text: asked before the compiler is. */
function looksEmpty(call: ts.CallExpression): boolean {
  if (isEmptyFunction(call.arguments[0])) return true;
  const statement = enclosingStatement(call);
  const next = statementAfter(call);
  if (statement === undefined || next === undefined) return false;
  if (!ts.isVariableStatement(statement) && !isAwaitedAlone(call, statement)) return false;
  return ts.isExpressionStatement(next)
    ? ts.isCallExpression(bare(next.expression))
    : ts.isTryStatement(next) && next.tryBlock.statements.length === 0;
}

/** `run(async () => { await mu.lock(); mu.unlock(); })`: a callback that is nothing but the wait for the holder. */
function isGate(call: ts.CallExpression): boolean {
  const statement = enclosingStatement(call);
  const body = statement?.parent;
  if (body === undefined || !ts.isBlock(body) || body.statements.length > 2) return false;
  if (body.statements[0] !== statement || !isFunctionLiteral(body.parent)) return false;
  const { parent, child } = meaningfulParent(body.parent);
  return ts.isCallExpression(parent) && parent.expression !== child;
}

function isAwaitedAlone(call: ts.CallExpression, statement: ts.Statement): boolean {
  return statementOf(call) === statement && ts.isAwaitExpression(meaningfulParent(call).parent);
}

function statementAfter(call: ts.CallExpression): ts.Statement | undefined {
  const statement = enclosingStatement(call);
  const list = statement && listOf(statement);
  return statement && list?.[list.indexOf(statement) + 1];
}

function isEmptyFunction(argument: ts.Expression | undefined): boolean {
  const at = argument && bare(argument);
  return at !== undefined && isFunctionLiteral(at) && ts.isBlock(at.body) && at.body.statements.length === 0;
}

/** `await mu.lock(); mu.unlock();`, or `try {} finally { mu.unlock(); }` after the lock. */
function isReleasedNext(call: ts.CallExpression, place: Place, snapshot: Snapshot): boolean {
  const statement = enclosingStatement(call);
  const next = statementAfter(call);
  if (statement === undefined || next === undefined) return false;
  if (ts.isVariableStatement(statement)) return isGuardRelease(next, statement, snapshot);
  if (!isAwaitedAlone(call, statement)) return false;
  if (!ts.isTryStatement(next)) return isRelease(next, place, snapshot);
  const first = next.finallyBlock?.statements[0];
  return next.tryBlock.statements.length === 0 && first !== undefined && isRelease(first, place, snapshot);
}

/** `const guard = await mu.acquire(); guard.release();` */
function isGuardRelease(next: ts.Statement, taking: ts.VariableStatement, snapshot: Snapshot): boolean {
  if (!ts.isExpressionStatement(next)) return false;
  const call = bare(next.expression);
  const callee = ts.isCallExpression(call) ? snapshot.calleeOf(call) : undefined;
  const guard = taking.declarationList.declarations[0]?.name.getText();
  return (
    callee?.kind === "method" &&
    callee.operation.op === "guard-release" &&
    callee.receiver.getText() === guard
  );
}

function isRelease(statement: ts.Statement, place: Place, snapshot: Snapshot): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const call = bare(statement.expression);
  if (!ts.isCallExpression(call)) return false;
  const callee = snapshot.calleeOf(call);
  return (
    callee.kind === "method" &&
    callee.operation.op === "release" &&
    placeOf(callee.receiver, snapshot)?.key === place.key
  );
}
