import ts from "typescript";
import { bare, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { calledName, contains, eventOf } from "../events.js";
import type { FixPlan, Rule } from "../rule.js";
import { doc, sources } from "./doc.js";

export const condWaitNoLoop: Rule = {
  id: "cond-wait-no-loop",
  title: "The condition may not hold after the wait",
  severity: "warning",
  doc,
  sources,
  *run({ calls, snapshot }) {
    for (const call of calls) {
      if (calledName(call) !== "wait" || eventOf(call, snapshot) !== "cond-wait") continue;
      if (isCheckedAgain(call) || !isWaitedFor(call)) continue;
      yield {
        node: call,
        message: "the condition is not looked at again after the wait: somebody else may have been faster",
        fixes: [loopInstead(call)],
      };
    }
  },
};

function isWaitedFor(call: ts.CallExpression): boolean {
  const { parent } = meaningfulParent(call);
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
}

function isCheckedAgain(call: ts.CallExpression): boolean {
  /** Something runs between the wait and the next round's look at the condition. */
  let used = false;
  let conditional = false;
  for (let at: ts.Node = call; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (isStatementList(parent) && ts.isStatement(at)) {
      const [next] = parent.statements.slice(parent.statements.indexOf(at) + 1);
      if (next !== undefined && isCheck(next)) return true;
      if (next !== undefined) used = true;
    }
    if (ts.isIfStatement(parent) && parent.expression !== at) conditional = true;
    if (ts.isIterationStatement(parent, false) && parent.statement === at) {
      // `while (running) { if (empty) await wait(); take(); }`: the loop goes round too late.
      if (!(conditional && used)) return true;
    }
    if (ts.isFunctionLike(parent)) {
      if (isFunctionLiteral(parent) && ts.isCallExpression(parent.parent)) continue;
      return !conditional && !used && isOnlyWait(parent, call);
    }
  }
  return false;
}

function isStatementList(node: ts.Node): node is ts.Block | ts.SourceFile | ts.CaseOrDefaultClause {
  return ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node);
}

/** A branch that leaves, or goes round: the condition is looked at again. */
function isCheck(statement: ts.Statement): boolean {
  if (ts.isContinueStatement(statement)) return true;
  if (ts.isIterationStatement(statement, false)) return ts.isWhileStatement(statement);
  return ts.isIfStatement(statement) && contains(statement.thenStatement, isJump);
}

function isJump(node: ts.Node): boolean {
  return ts.isBreakOrContinueStatement(node) || ts.isReturnStatement(node) || ts.isThrowStatement(node);
}

/** `#wait() { return this.cond.wait(); }`: the loop is its callers' business. */
function isOnlyWait(unit: ts.SignatureDeclaration, call: ts.CallExpression): boolean {
  const body = "body" in unit ? (unit.body as ts.Node | undefined) : undefined;
  if (body === undefined) return false;
  if (!ts.isBlock(body)) return true;
  const [only, ...others] = body.statements;
  if (only === undefined || others.length > 0) return false;
  const waits = ts.isReturnStatement(only) || ts.isExpressionStatement(only) ? only.expression : undefined;
  const at = waits && bare(waits);
  return at === call || (at !== undefined && ts.isAwaitExpression(at) && bare(at.expression) === call);
}

/** `if (empty) await cond.wait();` → `while (empty) await cond.wait();`. */
function loopInstead(call: ts.CallExpression): FixPlan | undefined {
  const { parent } = meaningfulParent(call);
  const statement = ts.isAwaitExpression(parent) ? parent.parent : undefined;
  if (statement === undefined || !ts.isExpressionStatement(statement)) return undefined;
  const block = statement.parent;
  const alone = ts.isBlock(block) && block.statements.length === 1;
  const branch = alone ? block.parent : block;
  if (
    !ts.isIfStatement(branch) ||
    branch.elseStatement !== undefined ||
    contains(branch.thenStatement, isJump)
  )
    return undefined;
  if (branch.thenStatement !== statement && branch.thenStatement !== block) return undefined;
  const file = call.getSourceFile();
  const start = branch.getStart();
  return {
    title: "Wait in a loop",
    safety: "safe",
    edits: [{ file, start, end: start + "if".length, text: "while" }],
  };
}
