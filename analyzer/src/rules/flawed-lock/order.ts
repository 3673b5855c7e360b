import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { cellOf } from "./cell.js";
import { type CellWrite, writeOf } from "./writes.js";

/** A write to a cell at which what was last seen of the cell is older than the last suspension. */
export interface StaleWrite {
  readonly write: CellWrite;
  /** Where the function was suspended since it looked. */
  readonly suspension: ts.Node;
  readonly look: ts.Node;
}

/** What one path knows of the cell: nothing, something seen since the last suspension, or something older. */
interface Seen {
  readonly look: ts.Node;
  readonly suspension: ts.Node | undefined;
}

/** Loops nested deeper than this are gone through once: each level would double the work. */
const maxNesting = 4;

/** `own`: the function has set it itself and not given it back; it waits for nobody but itself. */
type Known = Seen | "nothing" | "own";
/** Undefined: no path comes here. */
type Flow = Known | undefined;

interface Jump {
  readonly label: string | undefined;
  exit: Flow;
  again: Flow;
}

function join(one: Flow, other: Flow): Flow {
  if (one === undefined || other === undefined) return one ?? other;
  const isSeen = (each: Known): each is Seen => each !== "nothing" && each !== "own";
  if (!isSeen(one)) return isSeen(other) || one === "own" ? other : one;
  return isSeen(other) && other.suspension !== undefined && one.suspension === undefined ? other : one;
}

/**
 * Follows the paths of one function for one cell: looks (reads in conditions and awaits), suspensions,
 * writes. Loops go round twice, which is as often as anything new can come to light.
 */
export function staleWrites(body: ts.Node, key: string, scopes: Scopes): StaleWrite[] {
  const found = new Map<ts.Node, StaleWrite>();
  const jumps: Jump[] = [];
  /** What catch clauses around may see: the worst of everything in their try. */
  let thrown: Flow[] = [];

  function note(flow: Flow): Flow {
    thrown = thrown.map((each) => join(each, flow));
    return flow;
  }

  function suspend(flow: Flow, node: ts.Node): Flow {
    if (flow === undefined || flow === "nothing" || flow === "own") return flow;
    return note(flow.suspension === undefined ? { look: flow.look, suspension: node } : flow);
  }

  function each(children: readonly ts.Node[], flow: Flow): Flow {
    return children.reduce((at, child) => evaluate(child, at), flow);
  }

  function childrenOf(node: ts.Node): ts.Node[] {
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    return children;
  }

  function evaluate(node: ts.Node, flow: Flow): Flow {
    if (flow === undefined || ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node))
      return flow;
    const write = writeOf(node, scopes);
    if (write?.cell.key === key) return evaluateWrite(write, flow);
    if (isRead(node, key, scopes)) return flow === "own" ? flow : note({ look: node, suspension: undefined });
    if (ts.isAwaitExpression(node)) return suspend(evaluate(node.expression, flow), node);
    if (ts.isYieldExpression(node)) return suspend(each(childrenOf(node), flow), node);
    if (ts.isConditionalExpression(node)) {
      const after = evaluate(node.condition, flow);
      return join(evaluate(node.whenTrue, after), evaluate(node.whenFalse, after));
    }
    if (ts.isBinaryExpression(node) && isShortCircuit(node.operatorToken.kind)) {
      const after = evaluate(node.left, flow);
      return join(after, evaluate(node.right, after));
    }
    return ts.isStatement(node) ? statement(node, flow) : each(childrenOf(node), flow);
  }

  function evaluateWrite(write: CellWrite, flow: Flow): Flow {
    const after = write.value === undefined ? flow : evaluate(write.value, flow);
    if (after !== undefined && after !== "nothing" && after !== "own" && after.suspension !== undefined) {
      const { look, suspension } = after;
      if (write.kind !== "clear") found.set(write.node, { write, look, suspension });
    }
    return note(write.kind === "clear" ? "nothing" : "own");
  }

  function statement(node: ts.Statement, flow: Flow): Flow {
    if (ts.isIfStatement(node)) {
      const after = evaluate(node.expression, flow);
      const otherwise = node.elseStatement ? evaluate(node.elseStatement, after) : after;
      return join(evaluate(node.thenStatement, after), otherwise);
    }
    if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) {
      if (node.expression) note(evaluate(node.expression, flow));
      return undefined;
    }
    if (ts.isBreakOrContinueStatement(node)) return jump(node, flow);
    if (ts.isIterationStatement(node, false)) return loop(node, flow);
    if (ts.isTryStatement(node)) return tried(node, flow);
    if (ts.isSwitchStatement(node)) return chosen(node, flow);
    if (ts.isLabeledStatement(node)) return evaluate(node.statement, flow);
    return each(childrenOf(node), flow);
  }

  function jump(node: ts.BreakOrContinueStatement, flow: Flow): Flow {
    const target = jumps.findLast((each) => node.label === undefined || each.label === node.label.text);
    if (target !== undefined) {
      if (ts.isBreakStatement(node)) target.exit = join(target.exit, flow);
      else target.again = join(target.again, flow);
    }
    return undefined;
  }

  function loop(node: ts.IterationStatement, flow: Flow): Flow {
    const label = ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined;
    let head = ts.isForStatement(node) && node.initializer ? evaluate(node.initializer, flow) : flow;
    if (ts.isForOfStatement(node) || ts.isForInStatement(node)) head = evaluate(node.expression, flow);
    const condition =
      ts.isWhileStatement(node) || ts.isDoStatement(node)
        ? node.expression
        : ts.isForStatement(node)
          ? node.condition
          : undefined;
    const endless =
      (condition === undefined && ts.isForStatement(node)) || condition?.kind === ts.SyntaxKind.TrueKeyword;
    let exit: Flow;
    const rounds = jumps.length < maxNesting ? 2 : 1;
    for (let round = 0; round < rounds; round += 1) {
      const own: Jump = { label, exit: undefined, again: undefined };
      jumps.push(own);
      const tested = condition && !ts.isDoStatement(node) ? evaluate(condition, head) : head;
      if (!endless && !ts.isDoStatement(node)) exit = join(exit, tested);
      const awaits = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
      let end = join(evaluate(node.statement, awaits ? suspend(tested, node) : tested), own.again);
      if (ts.isDoStatement(node)) {
        end = evaluate(node.expression, end);
        if (!endless) exit = join(exit, end);
      }
      if (ts.isForStatement(node) && node.incrementor) end = evaluate(node.incrementor, end);
      jumps.pop();
      exit = join(exit, own.exit);
      head = join(head, end);
      // What a `while` saw at its head is seen again there: the next round adds the way back to it.
      if (condition !== undefined && !ts.isDoStatement(node) && end !== undefined) head = end;
    }
    return exit;
  }

  function tried(node: ts.TryStatement, flow: Flow): Flow {
    thrown.push(flow);
    let after = evaluate(node.tryBlock, flow);
    const caught = thrown.pop();
    if (node.catchClause !== undefined)
      after = join(after, evaluate(node.catchClause.block, join(caught, flow)));
    if (node.finallyBlock === undefined) return after;
    const end = evaluate(node.finallyBlock, join(after, caught));
    return after === undefined ? undefined : end;
  }

  function chosen(node: ts.SwitchStatement, flow: Flow): Flow {
    const own: Jump = { label: undefined, exit: undefined, again: undefined };
    jumps.push(own);
    const subject = evaluate(node.expression, flow);
    let end: Flow;
    for (const clause of node.caseBlock.clauses) end = each(clause.statements, join(subject, end));
    jumps.pop();
    return join(join(end, own.exit), subject);
  }

  evaluate(body, "nothing");
  return [...found.values()];
}

function isShortCircuit(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** The whole path, not a part of a longer one: `this.queue` of `this.queue.length` is no look at the queue itself. */
function isRead(node: ts.Node, key: string, scopes: Scopes): boolean {
  if (!ts.isExpression(node) || isFunctionLiteral(node)) return false;
  if (
    !ts.isIdentifier(node) &&
    !ts.isPropertyAccessExpression(node) &&
    !ts.isElementAccessExpression(node) &&
    !ts.isCallExpression(node)
  )
    return false;
  return bare(node) === node && cellOf(node, scopes)?.key === key;
}
