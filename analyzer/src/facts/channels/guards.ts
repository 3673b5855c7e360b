import ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import { isAssignment } from "../../project/assignments.js";
import { keepAnswers } from "../../project/kept-answers.js";
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
  const seen = new Set<ts.Node>();
  const visit = (unit: ts.Node): void => {
    if (seen.has(unit)) return;
    seen.add(unit);
    const { asked, inner } = variablesOf(unit, snapshot);
    for (const variable of asked) found.add(variable);
    // A function of its own: what it asks for does not decide whether the others get anywhere.
    for (const each of inner) if (!isCalled(each as Unit, tasks)) visit(each);
  };
  for (const unit of units) visit(unit);
  return found;
}

/** Variables and fields that a function assigns itself; functions apart from it have theirs. */
export function writtenIn(unit: Unit, tasks: Tasks, snapshot: Snapshot): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (at: ts.Node): void => {
    const { written, inner } = variablesOf(at, snapshot);
    for (const variable of written) found.add(variable);
    for (const each of inner) if (!isCalled(each as Unit, tasks)) visit(each);
  };
  visit(unit);
  return found;
}

/** Variables and fields that a function's conditions ask for, those that it assigns, and the functions in it. */
interface FunctionVariables {
  readonly asked: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
  readonly inner: readonly ts.Node[];
}

const kept = keepAnswers<FunctionVariables>();

function variablesOf(unit: ts.Node, snapshot: Snapshot): FunctionVariables {
  return kept(unit, snapshot, () => findVariables(unit, snapshot));
}

function findVariables(unit: ts.Node, snapshot: Snapshot): FunctionVariables {
  const asked = new Set<number>();
  const written = new Set<number>();
  const inner: ts.Node[] = [];
  const note = (found: Set<number>, name: ts.Node): void => {
    if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return;
    const variable = snapshot.variableOf(name);
    if (variable) found.add(variable.id);
  };
  const read = (node: ts.Node): void => {
    note(asked, node);
    ts.forEachChild(node, read);
  };
  const visit = (node: ts.Node): void => {
    if (node !== unit && ts.isFunctionLike(node)) {
      inner.push(node);
      return;
    }
    const question = questionOf(node);
    if (question !== undefined) read(question);
    const target = assignedTarget(node);
    const at = target && bare(target);
    if (at !== undefined) note(written, ts.isPropertyAccessExpression(at) ? at.name : at);
    ts.forEachChild(node, visit);
  };
  visit(unit);
  return { asked, written, inner };
}

function questionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isForStatement(node) || ts.isConditionalExpression(node)) return node.condition;
  if (ts.isSwitchStatement(node)) return node.expression;
  if (ts.isBinaryExpression(node) && isLogical(node.operatorToken.kind)) return node.left;
  return node.flags & ts.NodeFlags.OptionalChain && ts.isCallExpression(node) ? node.expression : undefined;
}

function isLogical(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken
  );
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
