import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare, enclosingFunction, isAsync, isFunctionLiteral } from "../../project/syntax.js";
import type { PlainContext, Report } from "../rule.js";
import { isCalmValue, mayReject, rethrows } from "./calm.js";
import { type Cell, cellOf } from "./cell.js";
import { type ChainWrite, chainWrites, isLocalConstant, links, maxLinks } from "./chain-writes.js";
import { startAnyway } from "./fix.js";
import { localBody } from "./release.js";
import { calledName, mentions } from "./wait.js";
import { isNothing } from "./writes.js";

const chainName = /tail|chain|queue|mutex|lock|serial|sequence/i;
/** What comes after a failed start is meant to fail. */
const stickyName = /ready|init|setup|start|load|connect|open/i;

/** Promise chains: `this.tail = this.tail.then(…)`, one link for each task. */
export function* flawedChains({ scopes }: PlainContext): Iterable<Report> {
  const writes = chainWrites(scopes);
  for (const write of writes) {
    const { text } = write.cell;
    const link = linkOf(write, scopes);
    if (link !== undefined) {
      if (!isReset(write, writes) && breaks(link, write, scopes))
        yield {
          node: write.node,
          message: `when one link of \`${text}\` rejects, every later one is skipped: nothing runs after the first failure`,
          fixes: [startAnyway(write)],
        };
    } else if (breaksByAwait(write, scopes)) {
      yield {
        node: write.node,
        message: `when what \`${text}\` holds rejects, the next one fails with it and never starts: nothing runs after the first failure`,
      };
    } else if (isReplaced(write, scopes)) {
      yield {
        node: write.node,
        message: `\`${text}\` is replaced here, not extended: what was queued before does not hold this one back`,
      };
    }
  }
}

/** The `then` calls, outermost first, by which the new value follows from the cell's own. */
function linkOf({ value, cell }: ChainWrite, scopes: Scopes): ts.CallExpression[] | undefined {
  const steps: ts.CallExpression[] = [];
  let at = bare(value);
  for (let depth = 0; depth < maxLinks; depth += 1) {
    if (ts.isCallExpression(at)) {
      const callee = bare(at.expression);
      if (!ts.isPropertyAccessExpression(callee)) return undefined;
      if (!links.has(callee.name.text)) break;
      steps.push(at);
      at = bare(callee.expression);
    } else if (ts.isIdentifier(at) && cellOf(at, scopes)?.key !== cell.key) {
      const declaration = scopes.bindingOf(at)?.declaration;
      if (!isLocalConstant(declaration)) break;
      at = bare(declaration.initializer);
    } else break;
  }
  if (steps.length === 0 || !mentions(at, cell.key, scopes)) return undefined;
  // `Promise.all([this.tail, other])`, `waitFor(this.tail)`: somebody else's business.
  return isPlainStart(at) ? steps : undefined;
}

/** `this.tail`, `(this.tail ?? Promise.resolve())`, `tails.get(key)`, `prev`. */
function isPlainStart(at: ts.Expression): boolean {
  if (ts.isBinaryExpression(at)) return isPlainStart(bare(at.left));
  if (ts.isConditionalExpression(at)) return true;
  if (ts.isCallExpression(at)) return calledName(at) === "get";
  return ts.isIdentifier(at) || ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at);
}

/** Whether a rejection of one link reaches the next: nothing before or behind the task takes it in. */
function breaks(steps: readonly ts.CallExpression[], write: ChainWrite, scopes: Scopes): boolean {
  // A chain that others build on, call by call, is meant to stop at the first failure.
  if (returnsThis(enclosingFunction(write.node)) || stickyName.test(write.cell.text)) return false;
  if (steps.some(recovers)) return false;
  return steps.some((step) => step.arguments[0] !== undefined && mayReject(step.arguments[0], scopes));
}

/** The link takes in what became of the one before, or of its own task. */
function recovers(step: ts.CallExpression): boolean {
  const name = calledName(step);
  const handler = name === "then" ? step.arguments[1] : name === "catch" ? step.arguments[0] : undefined;
  if (handler === undefined || isNothing(handler)) return false;
  const at = bare(handler);
  return !(isFunctionLiteral(at) && rethrows(at.body));
}

function returnsThis(unit: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node !== unit) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined)
      found ||= bare(node.expression).kind === ts.SyntaxKind.ThisKeyword;
    ts.forEachChild(node, visit);
  };
  visit(unit);
  return found;
}

/** Somebody starts the chain afresh when it is broken. */
function isReset(write: ChainWrite, writes: readonly ChainWrite[]): boolean {
  return writes.some(
    (other) =>
      other.cell.key === write.cell.key &&
      other !== write &&
      /^Promise\.resolve\(/.test(bare(other.value).getText()) &&
      isInHandler(other.node),
  );
}

function isInHandler(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isCatchClause(at)) return true;
    const call = at.parent;
    if (ts.isCallExpression(call) && call.expression !== at && calledName(call) === "catch") return true;
  }
  return false;
}

/** `this.tail = (async () => { await prev; await task(); })()` */
function breaksByAwait({ cell, value, node }: ChainWrite, scopes: Scopes): boolean {
  const call = bare(value);
  const literal = ts.isCallExpression(call) ? bare(call.expression) : call;
  if (!isFunctionLiteral(literal) || !isAsync(literal) || !ts.isBlock(literal.body)) return false;
  if (returnsThis(enclosingFunction(node)) || stickyName.test(cell.text)) return false;
  let breaking = false;
  let others = false;
  const visit = (at: ts.Node): void => {
    if (ts.isFunctionLike(at)) return;
    if (ts.isTryStatement(at) && at.catchClause !== undefined && !rethrows(at.catchClause.block)) return;
    if (ts.isAwaitExpression(at)) {
      const operand = bare(at.expression);
      const isPlain = ts.isIdentifier(operand) || ts.isPropertyAccessExpression(operand);
      if (isPlain && mentions(operand, cell.key, scopes)) breaking = true;
      else if (!isCalmValue(operand, scopes)) others = true;
    } else if (ts.isReturnStatement(at) && at.expression !== undefined) {
      if (!isCalmValue(at.expression, scopes)) others = true;
    }
    ts.forEachChild(at, visit);
  };
  visit(literal.body);
  return breaking && others;
}

/** A field that starts as `Promise.resolve()` and is extended elsewhere, or is called a chain, and gets a new promise here. */
function isReplaced(write: ChainWrite, scopes: Scopes): boolean {
  const { cell, value } = write;
  const unit = enclosingFunction(write.node) as ts.FunctionLikeDeclaration;
  const at = bare(value);
  if (!ts.isCallExpression(at) || !chainName.test(cell.text)) return false;
  if (!runsParameter(at, unit) || !startsResolved(cell, write.node)) return false;
  return !looksBefore(unit, write, scopes) && !callsReader(at, cell, scopes);
}

/** The function looks at the chain before it, or in it. */
function looksBefore(unit: ts.FunctionLikeDeclaration, write: ChainWrite, scopes: Scopes): boolean {
  let found = mentions(write.value, write.cell.key, scopes);
  const visit = (node: ts.Node): void => {
    if (found || node === write.node || node.pos >= write.node.pos) return;
    if (ts.isExpression(node) && cellOf(node, scopes)?.key === write.cell.key) found = true;
    else ts.forEachChild(node, visit);
  };
  if (unit.body !== undefined) visit(unit.body);
  return found;
}

/** `this.tail = this.append(task)`: the callee may do the waiting. */
function callsReader(call: ts.CallExpression, cell: Cell, scopes: Scopes): boolean {
  const body = localBody(call.expression, scopes);
  return body !== undefined && mentions(body, cell.key, scopes);
}

/** `task()`, the caller's own function. */
function runsParameter(call: ts.CallExpression, unit: ts.FunctionLikeDeclaration): boolean {
  const callee = bare(call.expression);
  return (
    ts.isIdentifier(callee) && unit.parameters.some((parameter) => parameter.name.getText() === callee.text)
  );
}

function startsResolved(cell: Cell, node: ts.Node): boolean {
  const name = cell.text.replace(/^.*\./, "");
  let found = false;
  const visit = (at: ts.Node): void => {
    const initializer =
      (ts.isPropertyDeclaration(at) || ts.isVariableDeclaration(at)) && at.name.getText() === name
        ? at.initializer
        : undefined;
    if (initializer !== undefined && /^Promise\.resolve\(/.test(bare(initializer).getText())) found = true;
    ts.forEachChild(at, visit);
  };
  visit(node.getSourceFile());
  return found;
}
