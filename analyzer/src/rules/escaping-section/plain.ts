import ts from "typescript";
import type { Binding, Scopes } from "../../plain/scopes.js";
import { bare, enclosingFunction, isAsync, isFunctionLiteral, shortText } from "../../project/syntax.js";
import { givesBack, localBody } from "../flawed-lock/release.js";
import { calledName } from "../flawed-lock/wait.js";
import { type CellWrite, writeOf } from "../flawed-lock/writes.js";
import type { PlainContext, Report } from "../rule.js";
import { awaitReturned } from "./fix.js";
import { behind, outlivesItsCall, returnsIn, startedBy } from "./work.js";

const releasing = /^_?(?:un_?lock|release)\w*$/i;
/** Each of a function's `try` statements looks through the function: beyond this length none does. */
const maxLength = 200_000;
const taking = /lock|acquire|permit|lease|mutex|semaphore|enter/i;

/** `try { return save(); } finally { this.busy = false; }`: what the `finally` gives up is not given up too late but too early. */
export function* returnedTooEarly({ scopes }: PlainContext): Iterable<Report> {
  for (const { protectedBlock, end, before, unit } of sections(scopes)) {
    const given = givenUp(end, before, protectedBlock, scopes);
    if (given === undefined) continue;
    for (const statement of returnsIn(protectedBlock)) {
      if (statement.expression === undefined || statement.pos < given.since) continue;
      const value = behind(statement.expression, (name) => scopes.bindingOf(name)?.declaration);
      const call = startedBy(value).find((each) => isWork(each, unit, scopes));
      const made = ts.isNewExpression(value) && value.expression.getText() === "Promise" ? value : call;
      if (made === undefined || enclosingFunction(made) !== unit) continue;
      yield {
        node: statement,
        message: `\`${shortText(made)}\` is returned without await: \`${given.text}\` comes before it is done`,
        related: [{ node: given.node, message: "given up here" }],
        fixes: [awaitReturned(statement)],
      };
    }
  }
}

interface PlainSection {
  readonly unit: ts.Node;
  readonly protectedBlock: ts.Node;
  /** What runs at the end, whatever happens. */
  readonly end: ts.Node;
  /** Where what is given up was taken. */
  readonly before: ts.Node;
}

function sections({ parts }: Scopes): PlainSection[] {
  return parts.tries.flatMap((node): PlainSection[] => {
    if (node.finallyBlock === undefined) return [];
    const unit = enclosingFunction(node);
    if (!ts.isFunctionLike(unit) || unit.end - unit.pos >= maxLength) return [];
    return [{ unit, protectedBlock: node.tryBlock, end: node.finallyBlock, before: unit }];
  });
}

interface GivenUp {
  readonly node: ts.Node;
  readonly text: string;
  /** Position from which on it is held. */
  readonly since: number;
}

/** A flag or counter that this function set, or a lock that it waited for. */
function givenUp(end: ts.Node, unit: ts.Node, block: ts.Node, scopes: Scopes): GivenUp | undefined {
  let found: GivenUp | undefined;
  const visit = (node: ts.Node): void => {
    if (found !== undefined || ts.isFunctionLike(node)) return;
    const write = writeOf(node, scopes);
    if (write !== undefined && write.cell.key !== "") {
      const taken = takenBefore(write, unit, end, scopes);
      if (taken !== undefined) found = { node, text: shortText(node), since: taken };
    } else if (ts.isCallExpression(node) && isRelease(node, scopes)) {
      const taken = lockedBefore(unit, end, node);
      if (taken !== undefined && taken < block.end) found = { node, text: shortText(node), since: taken };
    }
    ts.forEachChild(node, visit);
  };
  visit(end);
  return found;
}

/** `this.busy = true` before `finally { this.busy = false }`. */
function takenBefore(release: CellWrite, unit: ts.Node, end: ts.Node, scopes: Scopes): number | undefined {
  if (release.cell.key === release.cell.text || !isOutside(release, unit)) return undefined;
  let since: number | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos >= end.pos || (node !== unit && ts.isFunctionLike(node))) return;
    const write = writeOf(node, scopes);
    if (write?.cell.key === release.cell.key && givesBack(release, write)) since = node.end;
    ts.forEachChild(node, visit);
  };
  visit(unit);
  return since;
}

function isOutside({ cell }: CellWrite, unit: ts.Node): boolean {
  if (cell.root === undefined) return cell.key.includes(".");
  for (let at: ts.Node | undefined = unit.parent; at !== undefined; at = at.parent)
    if (at === cell.root.home) return true;
  return false;
}

/** `release()`, `this.unlock()`, `lock.release()`. */
function isRelease(call: ts.CallExpression, scopes: Scopes): boolean {
  const callee = bare(call.expression);
  if (ts.isIdentifier(callee)) {
    const declaration = scopes.bindingOf(callee)?.declaration;
    return releasing.test(callee.text) && (declaration === undefined || !ts.isParameter(declaration));
  }
  return ts.isPropertyAccessExpression(callee) && releasing.test(callee.name.text);
}

/** The end of the last `await …lock…()` before the finally. */
function lockedBefore(unit: ts.Node, end: ts.Node, release: ts.CallExpression): number | undefined {
  const released = bare(release.expression);
  const owner = ts.isPropertyAccessExpression(released) ? released.expression.getText() : undefined;
  const own = ts.isIdentifier(released) ? released.text : owner;
  let since: number | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos >= end.pos || (node !== unit && ts.isFunctionLike(node))) return;
    if (ts.isAwaitExpression(node)) {
      const operand = bare(node.expression);
      const name = ts.isCallExpression(operand) ? calledName(operand) : "";
      const { parent } = node;
      const bound =
        ts.isVariableDeclaration(parent) && parent.name.getText() === own
          ? true
          : ts.isBinaryExpression(parent) && parent.left.getText() === own;
      if (taking.test(name) && (bound || isOfOwner(operand, owner))) since = node.end;
    }
    ts.forEachChild(node, visit);
  };
  visit(unit);
  return since;
}

function isOfOwner(operand: ts.Expression, owner: string | undefined): boolean {
  if (owner === undefined || !ts.isCallExpression(operand)) return false;
  const callee = bare(operand.expression);
  return ts.isPropertyAccessExpression(callee) && callee.expression.getText() === owner;
}

/** Surely a promise of work that is still to be done: an async function of this file, a callback that is typed so. */
function isWork(call: ts.CallExpression, unit: ts.Node, scopes: Scopes): boolean {
  const callee = bare(call.expression);
  if (/^Promise\.(?:all|allSettled|race|any)$/.test(callee.getText())) return true;
  if (ts.isIdentifier(callee)) {
    const binding = scopes.bindingOf(callee);
    if (binding === undefined) return callee.text === "fetch";
    if (binding.kind === "parameter") return isAsyncCallback(binding, unit);
    if (binding.kind === "import") return isPromiseModule(binding);
  }
  const body = localBody(callee, scopes);
  if (body === undefined || isFunctionLiteral(callee)) return false;
  const declared = body.parent;
  return isAsync(declared) && outlivesItsCall(body) && !locksItself(body);
}

/** `work: () => Promise<T>`; in JavaScript a function that an async function calls at its very end. */
function isAsyncCallback({ declaration, id }: Binding, unit: ts.Node): boolean {
  if (!ts.isParameter(declaration) || declaration.name !== id) return false;
  if (declaration.type !== undefined) return /Promise|Awaitable|Thenable/.test(declaration.type.getText());
  const isScript = /\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName);
  return (
    isScript &&
    isAsync(unit) &&
    /^(?:fn|func|cb|callback|task|work|job|action|handler|operation)$/i.test(id.text)
  );
}

function isPromiseModule({ declaration }: Binding): boolean {
  for (let at: ts.Node = declaration; at.parent !== undefined; at = at.parent)
    if (ts.isImportDeclaration(at)) return /fs\/promises|timers\/promises/.test(at.moduleSpecifier.getText());
  return false;
}

/** Waits for a turn of its own before anything else. */
function locksItself(body: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || ts.isFunctionLike(node)) return;
    if (ts.isAwaitExpression(node)) {
      const operand = bare(node.expression);
      if (ts.isCallExpression(operand) && taking.test(calledName(operand))) found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
