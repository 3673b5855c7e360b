import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import {
  bare,
  enclosingFunction,
  isAsync,
  isFunctionLiteral,
  meaningfulParent,
} from "../../project/syntax.js";
import type { Body } from "../parts.js";
import type { Scopes } from "../scopes.js";
import type { Functions } from "./functions.js";
import { calleeName, isSpawn, keeperOf, runsMany } from "./names.js";
import { fileAccess } from "./stores.js";

/** A stretch of the text. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Write {
  /** The last name of what is written; undefined where that goes by a local name that may stand for anything. */
  readonly name: string | undefined;
  readonly end: number;
  /** The code that it stands in, where that runs apart: see `Outline.tails`. */
  readonly tail: Stretch | undefined;
}

export interface OwnCall {
  readonly target: Body;
  readonly pos: number;
  readonly end: number;
  readonly tail: Stretch | undefined;
}

/** What a function does itself, told from its text: nested functions count as parts of it. */
export interface Outline {
  readonly writes: readonly Write[];
  readonly reads: ReadonlySet<string>;
  /** Where each name is first read in a way that a later write may rely on. */
  readonly looks: ReadonlyMap<string, number>;
  /** Where it may first be suspended; beyond the end when it never is. */
  readonly suspension: number;
  /** Where it may be suspended, with the loops around. */
  readonly breaks: readonly Stretch[];
  /**
   * Code that runs at a suspension of the function, or after its end, and knows what the function had seen
   * until then: from where it is made to where it has run at the latest.
   */
  readonly tails: readonly Stretch[];
  readonly calls: readonly OwnCall[];
  /** Whether it changes what its caller hands it. */
  readonly changesArguments: boolean;
}

const changes = new Set(["set", "add", "push", "unshift", "pop", "shift", "delete", "clear", "splice"]);
const continuations = new Set(["then", "catch", "finally"]);
const K = ts.SyntaxKind;
/** Assignments that change what is there whatever it is. */
const steps = new Set<ts.SyntaxKind>([
  K.PlusEqualsToken,
  K.MinusEqualsToken,
  K.AsteriskEqualsToken,
  K.SlashEqualsToken,
  K.BarEqualsToken,
  K.AmpersandEqualsToken,
]);

/** An outline being drawn. */
interface Draft {
  readonly body: Body;
  readonly functions: Functions;
  readonly scopes: Scopes;
  readonly writes: Write[];
  readonly reads: Set<string>;
  readonly looks: Map<string, number>;
  readonly breaks: Stretch[];
  readonly tails: Stretch[];
  readonly calls: OwnCall[];
  suspension: number;
  changesArguments: boolean;
  /** The tail that is being looked at. */
  tail: Stretch | undefined;
}

export function outline(body: Body, functions: Functions, scopes: Scopes): Outline {
  const draft: Draft = {
    body,
    functions,
    scopes,
    writes: [],
    reads: new Set(),
    looks: new Map(),
    breaks: [],
    tails: [],
    calls: [],
    suspension: Number.POSITIVE_INFINITY,
    changesArguments: false,
    tail: undefined,
  };
  const visit = (node: ts.Node): void => {
    if (node.kind >= K.FirstTypeNode && node.kind <= K.LastTypeNode) return;
    const before = draft.tail;
    draft.tail ??= tailOf(node, body.body);
    if (draft.tail !== before && draft.tail !== undefined) draft.tails.push(draft.tail);
    if (note(draft, node, visit)) ts.forEachChild(node, visit);
    draft.tail = before;
  };
  visit(body.body);
  return draft;
}

/** Takes in one node; false where it has seen to what is inside. */
function note(draft: Draft, node: ts.Node, visit: (node: ts.Node) => void): boolean {
  switch (node.kind) {
    case K.Identifier:
      readIdentifier(draft, node as ts.Identifier);
      return true;
    case K.PropertyAccessExpression:
      readProperty(draft, node as ts.PropertyAccessExpression);
      return true;
    case K.BindingElement: {
      const { propertyName, name } = node as ts.BindingElement;
      look(draft, (propertyName ?? name).getText(), node);
      return true;
    }
    case K.StringLiteral:
    case K.NoSubstitutionTemplateLiteral:
      look(draft, (node as ts.StringLiteralLike).text, node);
      return true;
    case K.CallExpression:
      called(draft, node as ts.CallExpression);
      return true;
    case K.BinaryExpression:
      return assigned(draft, node as ts.BinaryExpression, visit);
    case K.PrefixUnaryExpression:
    case K.PostfixUnaryExpression: {
      const { operator, operand } = node as ts.PrefixUnaryExpression | ts.PostfixUnaryExpression;
      if (operator === K.PlusPlusToken || operator === K.MinusMinusToken)
        written(draft, operand, node.end, false);
      return true;
    }
    case K.AwaitExpression: {
      const awaited = bare((node as ts.AwaitExpression).expression);
      const runs =
        ts.isCallExpression(awaited) && awaited.arguments.some((each) => isFunctionLiteral(bare(each)));
      suspends(draft, node, runs ? awaited.expression.end : node.end);
      breaks(draft, node);
      return true;
    }
    case K.ForOfStatement:
      if ((node as ts.ForOfStatement).awaitModifier) {
        suspends(draft, node, node.pos);
        breaks(draft, node);
      }
      return true;
    case K.NewExpression:
      if ((node as ts.NewExpression).expression.getText() === "Promise") suspends(draft, node, node.pos);
      return true;
    default:
      return true;
  }
}

function look(draft: Draft, name: string, { pos }: ts.Node): void {
  draft.reads.add(name);
  if (!draft.looks.has(name)) draft.looks.set(name, pos);
}

function readIdentifier(draft: Draft, node: ts.Identifier): void {
  const { parent } = node;
  // The name of a property is taken in with the access, and a declaration does not read.
  const isNamed =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isVariableDeclaration(parent) && parent.name === node);
  if (isNamed || isOnlyChanged(node)) draft.reads.add(node.text);
  else look(draft, node.text, node);
}

function readProperty(draft: Draft, node: ts.PropertyAccessExpression): void {
  const getter = draft.functions.getterOf(node);
  if (getter !== undefined) calls(draft, getter, node);
  if (isOnlyChanged(node)) draft.reads.add(node.name.text);
  else look(draft, node.name.text, node);
}

/** `x = …` does not read x, `x += …` does. */
function assigned(draft: Draft, node: ts.BinaryExpression, visit: (node: ts.Node) => void): boolean {
  const { kind } = node.operatorToken;
  if (!isAssignment(kind)) return true;
  const plain = kind === K.EqualsToken;
  written(draft, node.left, node.end, !plain);
  if (!plain) return true;
  if (ts.isPropertyAccessExpression(node.left)) visit(node.left.expression);
  else if (!ts.isIdentifier(node.left)) return true;
  visit(node.right);
  return false;
}

function written(draft: Draft, target: ts.Node, end: number, reading: boolean): void {
  const left = ts.isExpression(target) ? bare(target) : target;
  if (ts.isPropertyAccessExpression(left)) write(draft, left.name.text, end, reading);
  else if (ts.isIdentifier(left)) {
    if (!isOwn(draft, left)) write(draft, left.text, end, reading);
  } else if (ts.isElementAccessExpression(left)) {
    if (ts.isStringLiteralLike(left.argumentExpression))
      write(draft, left.argumentExpression.text, end, reading);
    written(draft, left.expression, end, reading);
    changedByName(draft, left.expression, end);
  } else if (!ts.isFunctionLike(left)) ts.forEachChild(left, (child) => written(draft, child, end, reading));
}

function write(draft: Draft, name: string | undefined, end: number, reading: boolean): void {
  const { tail } = draft;
  draft.writes.push({ name, end, tail });
  if (reading && name !== undefined) draft.reads.add(name);
}

/** What is done to a local variable is done to what it stands for. */
function changedByName(draft: Draft, receiver: ts.Expression, end: number): void {
  const node = bare(receiver);
  if (!ts.isIdentifier(node) || !isOwn(draft, node)) return;
  const declaration = draft.scopes.bindingOf(node)?.declaration;
  if (declaration === undefined) return;
  if (ts.isParameter(declaration) && declaration.parent === draft.body) draft.changesArguments = true;
  else if (!isMadeHere(declaration)) write(draft, undefined, end, false);
}

/** `const found = []`, `for (const each of list)`: no other name for something shared. */
function isMadeHere(declaration: ts.Node): boolean {
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return false;
  const list = declaration.parent;
  if (ts.isCatchClause(list) || ts.isForOfStatement(list.parent)) return true;
  const value = declaration.initializer && bare(declaration.initializer);
  return (
    (list.flags & ts.NodeFlags.Const) !== 0 &&
    value !== undefined &&
    (ts.isArrayLiteralExpression(value) || ts.isObjectLiteralExpression(value) || ts.isNewExpression(value))
  );
}

/** A variable of the function that no other function uses. */
function isOwn({ body, scopes }: Draft, node: ts.Identifier): boolean {
  const binding = scopes.bindingOf(node);
  if (binding === undefined || !(binding.home.pos >= body.pos && binding.home.end <= body.end)) return false;
  return binding.home === body
    ? !binding.uses.some((use) => enclosingFunction(use) !== body)
    : enclosingFunction(node) === binding.home;
}

function called(draft: Draft, node: ts.CallExpression): void {
  const target = draft.functions.targetOf(node);
  if (target !== undefined) calls(draft, target, node);
  const callee = bare(node.expression);
  if (fileAccess(calleeName(node)) !== undefined) {
    write(draft, "file", node.end, true);
    look(draft, "file", node);
  }
  if (runsPart(node)) breaks(draft, node);
  if (!ts.isPropertyAccessExpression(callee)) return;
  const name = callee.name.text;
  if (continuations.has(name)) suspends(draft, node, callee.end);
  if (changes.has(name)) {
    written(draft, callee.expression, node.end, false);
    changedByName(draft, callee.expression, node.end);
  }
  // A map made for sharing is shared as a parameter too.
  const map = bare(callee.expression);
  if (name === "store" && (ts.isIdentifier(map) || ts.isPropertyAccessExpression(map)))
    write(draft, ts.isIdentifier(map) ? map.text : map.name.text, node.end, false);
}

/** `withLock(fn)`, `retry(async () => …)`: the task waits there, and runs the function as a part of itself. */
function runsPart(call: ts.CallExpression): boolean {
  const literals = call.arguments.map((each) => bare(each)).filter(isFunctionLiteral);
  if (literals.length === 0 || isSpawn(call) || runsMany(call)) return false;
  return literals.some(isAsync) || keeperOf(call) === "section";
}

function calls({ calls: known, tail }: Draft, target: Body, { pos, end }: ts.Node): void {
  known.push({ target, pos, end, tail });
}

/** The node with the outermost loop around it: what stands there runs before it and after it. */
function looped(draft: Draft, node: ts.Node): ts.Node {
  let whole = node;
  for (let at = node; at !== draft.body; at = at.parent) if (ts.isIterationStatement(at, false)) whole = at;
  return whole;
}

function suspends(draft: Draft, node: ts.Node, at: number): void {
  const whole = looped(draft, node);
  draft.suspension = Math.min(draft.suspension, at, whole === node ? at : whole.pos);
}

function breaks(draft: Draft, node: ts.Node): void {
  const { pos, end } = looped(draft, node);
  if (draft.tail === undefined) draft.breaks.push({ from: pos, to: end });
}

/** `go(async () => …)`, `x.then(() => …)`, `new Promise((resolve) => …)`: the function that is given. */
function tailOf(node: ts.Node, body: ts.Node): Stretch | undefined {
  if (!isFunctionLiteral(node)) return undefined;
  const { parent } = meaningfulParent(node);
  const isGiven =
    ts.isCallExpression(parent) && parent.expression !== node
      ? isSpawn(parent) || continuations.has(calleeName(parent))
      : ts.isNewExpression(parent);
  return isGiven ? { from: node.pos, to: nextWait(node, body) } : undefined;
}

/** The end of the next statement that surely waits: what was started before has begun by then. */
function nextWait(node: ts.Node, body: ts.Node): number {
  if (!ts.isBlock(body)) return Number.POSITIVE_INFINITY;
  const next = body.statements.find((each) => each.pos >= node.end && waits(each));
  return next?.end ?? Number.POSITIVE_INFINITY;
}

function waits(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement)
    ? ts.isAwaitExpression(statement.expression)
    : ts.isVariableStatement(statement) &&
        statement.declarationList.declarations.some(
          ({ initializer }) => initializer !== undefined && ts.isAwaitExpression(initializer),
        );
}

/** `found.push(x)`, `n++`, `n += x`: what is there is changed in one step, and nothing later relies on it. */
function isOnlyChanged(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    const call = parent.parent;
    return (
      ts.isCallExpression(call) &&
      call.expression === parent &&
      ts.isExpressionStatement(call.parent) &&
      isChange(parent.name.text, call.arguments.length)
    );
  }
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === K.PlusPlusToken || parent.operator === K.MinusMinusToken;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    steps.has(parent.operatorToken.kind) &&
    !containsAwait(parent.right)
  );
}

function isChange(method: string, count: number): boolean {
  if (method === "set") return count === 2;
  return (
    changes.has(method) && (count > 0 || (method !== "add" && method !== "push" && method !== "unshift"))
  );
}

function containsAwait(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.forEachChild(node, containsAwait) ?? false);
}
