import ts from "typescript";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { calledName, contains, ownNodes, receiverOf } from "../events.js";
import type { RuleContext } from "../rule.js";
import type { OwnContext } from "./contexts.js";

function mentions(node: ts.Node, contexts: readonly OwnContext[]): boolean {
  const texts = new Set(contexts.map((each) => each.text));
  return contains(
    node,
    (each) => (ts.isIdentifier(each) || ts.isPropertyAccessExpression(each)) && texts.has(each.getText()),
  );
}

/** The wait itself can end by a signal, by the context's own channel, or by what was made with the context. */
export function heeds(
  node: ts.CallExpression | ts.ForOfStatement,
  contexts: readonly OwnContext[],
  context: RuleContext,
): boolean {
  const on = ts.isForOfStatement(node) ? node.expression : receiverOf(node);
  const parts = ts.isForOfStatement(node) ? [] : [...node.arguments];
  if (parts.some((part) => contains(part, (each) => /^(signal|done)$/i.test(nameOf(each))))) return true;
  if (parts.some((part) => mentions(part, contexts) || isOptions(part))) return true;
  if (ts.isCallExpression(node) && calledName(node) === "select" && isBounded(node)) return true;
  if (on !== undefined && isTied(bare(on), contexts, context, 0)) return true;
  // `const gone = ctx.done; await select(onReceive(gone, …), …)`.
  return parts.some((part) =>
    contains(part, (each) => ts.isIdentifier(each) && isTied(each, contexts, context, 0)),
  );
}

/** An options object from elsewhere may hold a signal; a list of cases may hold the context's. */
function isOptions(argument: ts.Expression): boolean {
  const at = bare(argument);
  return ts.isSpreadElement(at) || (ts.isIdentifier(at) && /opts|options/i.test(at.text));
}

function nameOf(node: ts.Node): string {
  return ts.isIdentifier(node) ? node.text : "";
}

/** `otherwise` does not wait; `after` and a timer end it. Other cases that nobody wrote here are unknown. */
function isBounded(select: ts.CallExpression): boolean {
  return contains(
    select,
    (each) => ts.isCallExpression(each) && ["otherwise", "after", "tick"].includes(calledName(each) ?? ""),
  );
}

/** The channel, task or group came from something that was given the context. */
function isTied(
  on: ts.Expression,
  contexts: readonly OwnContext[],
  context: RuleContext,
  depth: number,
): boolean {
  if (mentions(on, contexts)) return true;
  if (depth > 2) return false;
  if (ts.isCallExpression(on)) return ["after", "tick"].includes(calledName(on) ?? "");
  if (isOwnField(on)) return isTiedByMember(on, contexts);
  const declaration = ts.isIdentifier(on) ? context.snapshot.variableOf(on)?.declaration : undefined;
  if (declaration === undefined) return false;
  const at = ts.isBindingElement(declaration) ? declaration.parent.parent : declaration;
  if (ts.isVariableDeclaration(at)) {
    if (at.initializer !== undefined)
      return isTied(bare(at.initializer), contexts, context, depth + 1) || isCounted(on, at, contexts);
    const loop = at.parent.parent;
    return ts.isForOfStatement(loop) && isTied(bare(loop.expression), contexts, context, depth + 1);
  }
  return false;
}

/** A group or a list made here whose tasks use the context. */
function isCounted(
  on: ts.Expression,
  declaration: ts.VariableDeclaration,
  contexts: readonly OwnContext[],
): boolean {
  const home = declaration.parent.parent.parent;
  const name = on.getText();
  return contains(home, (each) => {
    if (!ts.isCallExpression(each) || !["go", "push", "tryGo"].includes(calledName(each) ?? "")) return false;
    const named = new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`).test(each.getText());
    return named && mentions(each, contexts);
  });
}

/** The context reaches the waits of this function another way: a listener, a task beside it. */
export function isTiedElsewhere(unit: ts.SignatureDeclaration, contexts: readonly OwnContext[]): boolean {
  return contains(unit, (each) => {
    if (ts.isCallExpression(each)) {
      const name = calledName(each);
      if (name === "afterFunc") return each.arguments.some((argument) => mentions(argument, contexts));
      if (name === "addEventListener" || name === "once") return mentions(each.expression, contexts);
    }
    if (ts.isBinaryExpression(each) && /\.onabort$/.test(each.left.getText()))
      return mentions(each.left, contexts);
    return each !== unit && isFunctionLiteral(each) && waitsForEnd(each, contexts);
  });
}

/** `go(async () => { await ctx.done.receive(); ch.close(); })`. */
function waitsForEnd(nested: ts.Node, contexts: readonly OwnContext[]): boolean {
  return contains(nested, (each) => ts.isCallExpression(each) && waitsForDone(each, contexts));
}

/** `await ctx.done.receive()`: behind it the context is cancelled. */
function waitsForDone(call: ts.CallExpression, contexts: readonly OwnContext[]): boolean {
  if (!["receive", "receiveOk"].includes(calledName(call) ?? "")) return false;
  return contexts.some(({ text }) => receiverOf(call)?.getText() === `${text}.done`);
}

function isOwnField(on: ts.Expression): on is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(on) && on.expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** Another member of the class uses the field together with the context: it starts the tasks, or closes it. */
function isTiedByMember(on: ts.PropertyAccessExpression, contexts: readonly OwnContext[]): boolean {
  let owner: ts.Node = on;
  while (owner.parent !== undefined && !ts.isClassLike(owner)) owner = owner.parent;
  if (!ts.isClassLike(owner)) return false;
  const field = on.getText();
  const names = (node: ts.Node) => ts.isPropertyAccessExpression(node) && node.getText() === field;
  return owner.members.some(
    (member) =>
      ts.isMethodDeclaration(member) &&
      !(member.pos <= on.pos && on.end <= member.end) &&
      contains(member, names) &&
      mentions(member, contexts),
  );
}

/** What was cancelled, by the function itself or by others, winds down: it waits for that. */
export function isWindingDown(node: ts.Node, unit: ts.Node, contexts: readonly OwnContext[]): boolean {
  for (let at = node; at.parent !== undefined && at !== unit; at = at.parent) {
    const { parent } = at;
    if (ts.isTryStatement(parent) && parent.finallyBlock === at) return true;
    if (ts.isIfStatement(parent) && parent.thenStatement === at && asksForEnd(parent.expression, contexts))
      return true;
  }
  return ownNodes(unit).some((each) => {
    if (!ts.isCallExpression(each) || each.end > node.pos) return false;
    if (/cancel|abort|^stop/i.test(calledName(each) ?? "")) return !isInOwnFinally(each, node);
    return waitsForDone(each, contexts);
  });
}

/** `if (ctx.err !== undefined) …`, `if (ctx.signal.aborted) …`. */
function asksForEnd(condition: ts.Expression, contexts: readonly OwnContext[]): boolean {
  return /\b(?:err|aborted|closed)\b/.test(condition.getText()) && mentions(condition, contexts);
}

function isInOwnFinally(call: ts.Node, node: ts.Node): boolean {
  for (let at = call; at.parent !== undefined; at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return node.pos < at.pos;
  }
  return false;
}
