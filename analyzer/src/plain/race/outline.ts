import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import type { Body } from "../parts.js";
import type { Scopes } from "../scopes.js";
import { changes, isOnlyChanged } from "./changes.js";
import { breaks, calls, type Draft, look, type Outline, suspends, write } from "./draft.js";
import type { Functions } from "./functions.js";
import { calleeName } from "./names.js";
import { fileAccess } from "./stores.js";
import { continuations, runsPart, tailOf } from "./tails.js";
import { changedByName, written } from "./written.js";

const K = ts.SyntaxKind;

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
    const { kind } = node;
    if (kind >= K.FirstTypeNode && kind <= K.LastTypeNode) return;
    const before = draft.tail;
    if (before === undefined && (kind === K.ArrowFunction || kind === K.FunctionExpression)) {
      draft.tail = tailOf(node, body.body);
      if (draft.tail !== undefined) draft.tails.push(draft.tail);
    }
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
      visit((node as ts.PropertyAccessExpression).expression);
      return false;
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

function readIdentifier(draft: Draft, node: ts.Identifier): void {
  const { parent } = node;
  // A declaration does not read.
  if ((ts.isVariableDeclaration(parent) && parent.name === node) || isOnlyChanged(node))
    draft.reads.add(node.text);
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
