import ts from "typescript";
import type { Snapshot } from "../../project/port.js";
import { bare, meaningfulParent } from "../../project/syntax.js";
import { calledName, eventOf, modelled } from "../events.js";

/** How long some code takes at least, as far as it says so itself. */
export interface Time {
  readonly milliseconds: number;
  /** It waits for something else than a time that is written there. */
  readonly unknown: boolean;
  readonly suspends: boolean;
  readonly endless: boolean;
}

const nothing: Time = { milliseconds: 0, unknown: false, suspends: false, endless: false };
const maxDepth = 4;

function added(one: Time, other: Time): Time {
  return {
    milliseconds: one.milliseconds + other.milliseconds,
    unknown: one.unknown || other.unknown,
    suspends: one.suspends || other.suspends,
    endless: one.endless || other.endless,
  };
}

/** The waits of a function's own code behind a position, and of what it waits for. */
export function timeOf(root: ts.Node, snapshot: Snapshot, from = 0, depth = 0): Time {
  let total = nothing;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isIterationStatement(node, false) && isEndless(node)) total = { ...total, endless: true };
    const waited = awaitedBy(node);
    if (waited !== undefined && waited.pos >= from) total = added(total, timeOfWait(waited, snapshot, depth));
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
  if (ts.isArrowFunction(root) && !ts.isBlock(root.body) && !ts.isAwaitExpression(bare(root.body)))
    total = added(total, timeOfWait(bare(root.body), snapshot, depth));
  return total;
}

function awaitedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isAwaitExpression(node)) return bare(node.expression);
  if (ts.isForOfStatement(node) && node.awaitModifier) return node.expression;
  const value = ts.isReturnStatement(node) && node.expression ? bare(node.expression) : undefined;
  return value !== undefined && ts.isCallExpression(value) ? value : undefined;
}

function timeOfWait(waited: ts.Expression, snapshot: Snapshot, depth: number): Time {
  const unknown = { ...nothing, unknown: true, suspends: true };
  if (!ts.isCallExpression(waited)) return unknown;
  const name = calledName(waited);
  if (name === "gosched" && modelled(waited, snapshot)?.kind === "function")
    return { ...nothing, suspends: true };
  if (name === "sleep" && eventOf(waited, snapshot) === "sleep") {
    const duration = waited.arguments[0] && bare(waited.arguments[0]);
    if (duration === undefined || !ts.isNumericLiteral(duration) || hangs(waited)) return unknown;
    return { ...nothing, milliseconds: Number(duration.text), suspends: true };
  }
  const callee = snapshot.calleeOf(waited);
  if (callee.kind !== "body" || depth >= maxDepth) return unknown;
  return timeOf(callee.declaration, snapshot, 0, depth + 1);
}

/** On a condition or in a loop, the time is not known. */
function hangs(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = meaningfulParent(at);
    if (
      ts.isIfStatement(parent) ||
      ts.isIterationStatement(parent, false) ||
      ts.isCaseOrDefaultClause(parent)
    )
      return true;
    if (ts.isConditionalExpression(parent) || ts.isCatchClause(parent)) return true;
  }
  return false;
}

/** `for (;;)` and `while (true)` that nothing leaves. */
function isEndless(loop: ts.IterationStatement): boolean {
  const condition =
    ts.isWhileStatement(loop) || ts.isDoStatement(loop)
      ? loop.expression
      : ts.isForStatement(loop)
        ? loop.condition
        : loop;
  const always = condition === undefined || condition.kind === ts.SyntaxKind.TrueKeyword;
  return always && !leaves(loop.statement);
}

function leaves(body: ts.Node): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isReturnStatement(node) || ts.isBreakStatement(node) || ts.isThrowStatement(node)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(body);
}
