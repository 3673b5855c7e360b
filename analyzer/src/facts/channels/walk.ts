import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import { truth } from "../../ir/truth.js";
import type { Snapshot } from "../../project/port.js";
import { bare } from "../../project/syntax.js";

/** Beyond this a walk has found nothing. */
const maxSteps = 20_000;

/** What is known of variables on a path: the expression that was assigned last. */
export type Known = ReadonlyMap<number, ts.Expression | boolean>;

export interface Walker {
  readonly snapshot: Snapshot;
  /** `stop`: the path is of no interest from here on. `found`: it is what was looked for. */
  enter(node: CfgNode): "go" | "stop" | "found";
  /** A branch whose answer the path does not say. */
  undecided(node: CfgNode, asked: ts.Node): "both" | "stop" | "true" | "false";
  /** The function is left: normally, or by a `throw` of its own. */
  leave(how: "normal" | "throw"): boolean;
}

interface At {
  readonly node: CfgNode;
  readonly known: Known;
  /** Thrown by a `throw` statement rather than by something that may throw. */
  readonly explicit: boolean;
}

/** Whether some path from the given nodes is what the walker looks for. Branches that the path decides are followed once. */
export function walk(starts: readonly CfgNode[], walker: Walker): boolean {
  const seen = new Set<string>();
  const work: At[] = starts.map((node) => ({ node, known: new Map(), explicit: false }));
  for (let at = work.pop(), steps = 0; at !== undefined && steps < maxSteps; at = work.pop(), steps += 1) {
    const { node, known, explicit } = at;
    const key = keyOf(at);
    if (seen.has(key)) continue;
    seen.add(key);
    const verdict = walker.enter(node);
    if (verdict === "found") return true;
    if (verdict === "stop") continue;
    const { op } = node;
    if (op?.kind === "exit") {
      if ((op.how === "normal" || explicit) && walker.leave(op.how)) return true;
      continue;
    }
    const go = (next: CfgNode | undefined, after: Partial<At> = {}) => {
      if (next !== undefined) work.push({ node: next, known, explicit, ...after });
    };
    if (op?.kind === "branch") {
      const answer = outcome(op.node, known, walker.snapshot);
      const way = answer === undefined ? walker.undecided(node, op.node) : answer ? "true" : "false";
      if (way === "both" || way === "true") go(node.next);
      if (way === "both" || way === "false") go(node.alt);
    } else if (op?.kind === "throw") go(node.onThrow, { explicit: true });
    else {
      go(node.next, { known: after(node, known) });
      go(node.alt);
      go(node.onThrow, { explicit: false });
    }
  }
  return false;
}

function keyOf({ node, known, explicit }: At): string {
  const facts = [...known].map(([id, value]) => `${id}=${typeof value === "boolean" ? value : value.pos}`);
  return `${node.id}|${explicit}|${facts.sort().join()}`;
}

function after(node: CfgNode, known: Known): Known {
  const { op } = node;
  if (op?.kind !== "assign" && op?.kind !== "rebind") return known;
  const value = op.kind === "assign" ? telling(op.from, op.value) : undefined;
  const field = op.kind === "assign" && op.place !== undefined && op.place.path.length > 0;
  if (!known.has(op.variable) && (value === undefined || field)) return known;
  const next = new Map(known);
  if (value === undefined || field) next.delete(op.variable);
  else next.set(op.variable, value);
  return next;
}

/** Of an assigned value, what can decide a branch later. */
function telling(from: ts.Expression | undefined, value: boolean | undefined) {
  const at = from && bare(from);
  const kept =
    at !== undefined &&
    (isLiteral(at) ||
      ts.isObjectLiteralExpression(at) ||
      ts.isArrayLiteralExpression(at) ||
      (ts.isIdentifier(at) && at.text === "undefined"));
  return kept ? at : value;
}

/** The answer of a condition, where what the path assigned decides it. */
function outcome(asked: ts.Node, known: Known, snapshot: Snapshot): boolean | undefined {
  const { parent } = asked;
  if (ts.isCaseClause(parent)) {
    const subject = value(parent.parent.parent.expression, known, snapshot);
    return same(subject, value(parent.expression, known, snapshot));
  }
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent) || !ts.isExpression(asked)) return undefined;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return undefined;
  return decide(asked, known, snapshot);
}

function decide(expression: ts.Expression, known: Known, snapshot: Snapshot): boolean | undefined {
  const at = bare(expression);
  if (ts.isPrefixUnaryExpression(at) && at.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = decide(at.operand, known, snapshot);
    return inner === undefined ? undefined : !inner;
  }
  if (ts.isBinaryExpression(at)) {
    const negated =
      at.operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
      at.operatorToken.kind === ts.SyntaxKind.ExclamationEqualsToken;
    const equal =
      at.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
      at.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken;
    if (!negated && !equal) return undefined;
    const answer = same(value(at.left, known, snapshot), value(at.right, known, snapshot));
    return answer === undefined ? undefined : answer !== negated;
  }
  const found = value(at, known, snapshot);
  return typeof found === "boolean" ? found : found && truth(found);
}

/** A literal that an expression stands for on this path. */
function value(
  expression: ts.Expression,
  known: Known,
  snapshot: Snapshot,
): ts.Expression | boolean | undefined {
  const at = bare(expression);
  if (ts.isIdentifier(at)) {
    if (at.text === "undefined") return at;
    const variable = snapshot.variableOf(at);
    const found = variable && known.get(variable.id);
    return typeof found === "boolean" || found === undefined ? found : value(found, new Map(), snapshot);
  }
  if (ts.isPropertyAccessExpression(at)) {
    const owner = value(at.expression, known, snapshot);
    if (owner === undefined || typeof owner === "boolean" || !ts.isObjectLiteralExpression(owner))
      return undefined;
    const property = owner.properties.find((each) => each.name?.getText() === at.name.text);
    return property && ts.isPropertyAssignment(property) ? bare(property.initializer) : undefined;
  }
  return isLiteral(at) || ts.isObjectLiteralExpression(at) || ts.isArrayLiteralExpression(at)
    ? at
    : undefined;
}

function isLiteral(at: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(at) ||
    ts.isNumericLiteral(at) ||
    at.kind === ts.SyntaxKind.TrueKeyword ||
    at.kind === ts.SyntaxKind.FalseKeyword ||
    at.kind === ts.SyntaxKind.NullKeyword
  );
}

function same(one: ts.Expression | boolean | undefined, other: ts.Expression | boolean | undefined) {
  // Of some values only the truth is known.
  if (one === undefined || other === undefined || typeof one === "boolean" || typeof other === "boolean")
    return undefined;
  const text = (each: ts.Expression) => (ts.isStringLiteralLike(each) ? `"${each.text}"` : each.getText());
  const literals = [one, other].every((each) => isLiteral(each) || each.getText() === "undefined");
  // Something made anew is no literal.
  return literals ? text(one) === text(other) : one === other ? undefined : false;
}
