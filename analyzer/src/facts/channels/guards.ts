import ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import { isAssignment } from "../../project/assignments.js";
import type { Snapshot } from "../../project/port.js";
import { bare } from "../../project/syntax.js";
import type { ChannelProgram } from "./program.js";
import type { Tasks } from "./tasks.js";

/** The functions that lead to one: its callers, those that start its task, and theirs. */
export function leadingTo(unit: Unit, tasks: Tasks): ReadonlySet<Unit> {
  const found = new Set<Unit>();
  const work = [unit];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    for (const place of [...tasks.callers(at), ...tasks.starters(at)]) work.push(place.unit);
  }
  return found;
}

/** Variables and fields that the conditions of these functions ask for. */
export function askedVariables(
  units: ReadonlySet<Unit>,
  tasks: Tasks,
  snapshot: Snapshot,
): ReadonlySet<number> {
  const found = new Set<number>();
  const read = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const variable = snapshot.variableOf(node);
      if (variable) found.add(variable.id);
    }
    ts.forEachChild(node, read);
  };
  /** A function of its own: what it asks for does not decide whether the others get anywhere. */
  const isApart = (node: ts.Node) => !units.has(node as Unit) && isCalled(node as Unit, tasks);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && isApart(node)) return;
    if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) read(node.expression);
    if (ts.isForStatement(node) && node.condition) read(node.condition);
    if (ts.isConditionalExpression(node)) read(node.condition);
    if (ts.isSwitchStatement(node)) read(node.expression);
    if (ts.isBinaryExpression(node) && isLogical(node.operatorToken.kind)) read(node.left);
    if (node.flags & ts.NodeFlags.OptionalChain && ts.isCallExpression(node)) read(node.expression);
    ts.forEachChild(node, visit);
  };
  for (const unit of units) visit(unit);
  return found;
}

function isLogical(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken
  );
}

const written = new WeakMap<Snapshot, Map<ts.Node, ReadonlySet<number>>>();

/** Variables and fields that a function assigns itself; functions apart from it have theirs. */
export function writtenIn(unit: Unit, tasks: Tasks, snapshot: Snapshot): ReadonlySet<number> {
  const cache = written.get(snapshot) ?? new Map<ts.Node, ReadonlySet<number>>();
  written.set(snapshot, cache);
  const known = cache.get(unit);
  if (known !== undefined) return known;
  const found = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (node !== unit && ts.isFunctionLike(node) && isCalled(node as Unit, tasks)) return;
    const target = assignedTarget(node);
    if (target !== undefined) {
      const at = bare(target);
      const name = ts.isPropertyAccessExpression(at) ? at.name : at;
      const variable =
        ts.isIdentifier(name) || ts.isPrivateIdentifier(name)
          ? snapshot.variableOf(name as ts.Identifier)
          : undefined;
      if (variable) found.add(variable.id);
    }
    ts.forEachChild(node, visit);
  };
  visit(unit);
  cache.set(unit, found);
  return found;
}

/** Whether a function is called or started somewhere, rather than run where it is written. */
function isCalled(unit: Unit, tasks: Tasks): boolean {
  return tasks.callers(unit).length > 0 || tasks.starters(unit).length > 0;
}

function assignedTarget(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return node.left;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const steps =
      node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return steps ? node.operand : undefined;
  }
  return undefined;
}

/** Everything that runs when these do, in the same task. */
export function closureOf(bodies: Iterable<Unit>, program: ChannelProgram): ReadonlySet<Unit> {
  const found = new Set<Unit>();
  const work = [...bodies];
  for (let unit = work.pop(); unit !== undefined; unit = work.pop()) {
    if (found.has(unit)) continue;
    found.add(unit);
    const graph = program.graph(unit);
    if (graph === undefined) continue;
    work.push(...graph.unplaced.runs);
    for (const effect of graph.effects.values()) work.push(...effect.runs);
  }
  return found;
}
