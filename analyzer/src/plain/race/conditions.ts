import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import { bare } from "../../project/syntax.js";
import { branch, forget } from "./decisions.js";
import { fork, type State } from "./state.js";
import type { Outcome, Walker } from "./walker.js";

const K = ts.SyntaxKind;

/** The ways in which a condition comes out. */
export function test(
  walker: Walker,
  condition: ts.Expression,
  state: State,
  loop = false,
): { state: State; outcome: boolean }[] {
  const node = bare(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === K.ExclamationToken)
    return test(walker, node.operand, state, loop).map((each) => ({ ...each, outcome: !each.outcome }));
  if (ts.isBinaryExpression(node)) {
    const or = node.operatorToken.kind === K.BarBarToken;
    if (or || node.operatorToken.kind === K.AmpersandAmpersandToken)
      return test(walker, node.left, state, loop).flatMap((each) => {
        if (each.outcome === or) return [each];
        const ways = test(walker, node.right, each.state, loop);
        // Where the right side alone comes to the same as the left, the left has not decided it.
        forget(
          ways.filter(({ outcome }) => outcome === or).map((way) => way.state),
          node.left,
        );
        return ways;
      });
  }
  return walker.evaluate(node, state).flatMap(({ state: at, value }) =>
    [true, false].flatMap((outcome) => {
      const taken = branch(walker, outcome ? fork(at) : at, value, outcome, node, loop);
      return taken === undefined ? [] : [{ state: taken, outcome }];
    }),
  );
}

/** Whether the node comes to run because of the condition: `a || b` decides about b, not about what follows. */
export function decides(condition: ts.Node, node: ts.Node): boolean {
  let at = condition;
  for (; ts.isExpression(at.parent); at = at.parent) {
    const { parent } = at;
    const logical =
      ts.isBinaryExpression(parent) &&
      (isLogical(parent.operatorToken.kind) || isAssignment(parent.operatorToken.kind));
    const chosen = ts.isConditionalExpression(parent) && parent.condition === at;
    if (!logical && !chosen && !ts.isPrefixUnaryExpression(parent) && bare(parent) === parent) break;
  }
  const { parent } = at;
  const statement = ts.isIfStatement(parent) || ts.isIterationStatement(parent, false);
  return statement || (node.pos >= at.pos && node.end <= at.end);
}

export function isLogical(kind: ts.SyntaxKind): boolean {
  return kind === K.AmpersandAmpersandToken || kind === K.BarBarToken || kind === K.QuestionQuestionToken;
}

export function shortCircuit(walker: Walker, node: ts.BinaryExpression, state: State): Outcome[] {
  const { kind } = node.operatorToken;
  return walker.evaluate(node.left, state).flatMap(({ state: at, value }) => {
    const goesOn = kind === K.AmpersandAmpersandToken;
    const other = branch(walker, fork(at), value, goesOn, node.left);
    const same = branch(walker, at, value, !goesOn, node.left);
    const out: Outcome[] = same === undefined ? [] : [{ state: same, value: { ...value, truth: !goesOn } }];
    if (other !== undefined) out.push(...walker.evaluate(node.right, other));
    return out;
  });
}
