import ts from "typescript";
import { bare } from "../../project/syntax.js";
import { block } from "./blocks.js";
import { bind } from "./patterns.js";
import { few } from "./sameness.js";
import { fork, type State } from "./state.js";
import { unknown } from "./values.js";
import type { Flow, Jump, Walker } from "./walker.js";

export function tried(walker: Walker, node: ts.TryStatement, states: readonly State[]): Flow {
  const quiet = quietStart(node.tryBlock);
  const begun = walker.statements(quiet, states).next;
  const asked = new Set(
    begun.flatMap((state) => [...state.decisions.values()].map((each) => each.condition)),
  );
  const thrown: State[] = begun.map(fork);
  walker.throws.push(thrown);
  const body = block(walker, node.tryBlock, begun, quiet.length);
  walker.throws.pop();
  for (const state of thrown) forgetCalls(state, node.tryBlock, asked);
  const escaping: State[] = [];
  let flow = body;
  if (node.catchClause) {
    walker.throws.push(escaping);
    const { variableDeclaration } = node.catchClause;
    const entering = few(thrown);
    if (variableDeclaration)
      for (const state of entering) bind(walker, variableDeclaration.name, unknown, state);
    const caught = block(walker, node.catchClause.block, entering);
    walker.throws.pop();
    flow = {
      next: [...body.next, ...caught.next],
      breaks: [...body.breaks, ...caught.breaks],
      continues: [...body.continues, ...caught.continues],
      returns: [...body.returns, ...caught.returns],
    };
  } else escaping.push(...thrown);
  const { finallyBlock } = node;
  if (finallyBlock === undefined) {
    walker.throws.at(-1)?.push(...few(escaping));
    return flow;
  }
  const last = (list: readonly State[]) => block(walker, finallyBlock, few(list));
  const ends = last(escaping);
  walker.throws.at(-1)?.push(...ends.next);
  const jump = (jumps: readonly Jump[]) =>
    jumps.flatMap(({ label, state }) => last([state]).next.map((at) => ({ label, state: at })));
  return {
    next: last(flow.next).next,
    breaks: jump(flow.breaks),
    continues: jump(flow.continues),
    returns: [
      ...flow.returns.flatMap(({ state, value }) => last([state]).next.map((at) => ({ state: at, value }))),
      ...ends.returns,
    ],
  };
}

/** The assignments at its beginning that do not throw: whoever catches something finds them made. */
function quietStart({ statements }: ts.Block): readonly ts.Statement[] {
  const first = statements.findIndex(
    (each) =>
      !ts.isExpressionStatement(each) ||
      !ts.isBinaryExpression(each.expression) ||
      each.expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken ||
      !isQuiet(each.expression.right),
  );
  return first < 0 ? statements : statements.slice(0, first);
}

/** `true`, `null`, `"starting"`, `new Deferred()`. */
function isQuiet(value: ts.Expression): boolean {
  const at = bare(value);
  if (ts.isNewExpression(at)) return (at.arguments ?? []).every(ts.isLiteralExpression);
  return (
    ts.isLiteralExpression(at) ||
    at.kind === ts.SyntaxKind.TrueKeyword ||
    at.kind === ts.SyntaxKind.FalseKeyword ||
    at.kind === ts.SyntaxKind.NullKeyword
  );
}

/** What a function that was left by a throw had decided decides nothing for the one that catches it. */
function forgetCalls(state: State, within: ts.Node, asked: ReadonlySet<ts.Node>): void {
  for (const [key, { condition }] of state.decisions)
    if (!asked.has(condition) && (condition.pos < within.pos || condition.end > within.end))
      state.decisions.delete(key);
}
