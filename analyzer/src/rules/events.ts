import ts from "typescript";
import type { EventKind } from "../model/index.js";
import type { Callee, Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";

export type Modelled = Callee & { readonly kind: "method" | "function" };

/** The last name of what is called: asked before the compiler is. */
export function calledName(call: ts.CallExpression): string | undefined {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : undefined;
}

/** Whether some model has a method of the name that is called, if it is called on an object. */
export function hasModelledName(call: ts.CallExpression, snapshot: Snapshot): boolean {
  const callee = bare(call.expression);
  return !ts.isPropertyAccessExpression(callee) || snapshot.isMethodName(callee.name.text);
}

/** Whether the call may be one of a modelled object: `[...new Set(names)].sort()` is none, and costly to ask about. */
export function mayBeModelled(call: ts.CallExpression, snapshot: Snapshot): boolean {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || hasModelledName(call, snapshot)) return true;
  const { kind } = bare(callee.expression);
  return kind !== ts.SyntaxKind.CallExpression && kind !== ts.SyntaxKind.ArrayLiteralExpression;
}

export function modelled(call: ts.CallExpression, snapshot: Snapshot): Modelled | undefined {
  const callee = snapshot.calleeOf(call);
  return callee.kind === "method" || callee.kind === "function" ? callee : undefined;
}

/** The event that a call of a modelled library is. */
export function eventOf(call: ts.CallExpression, snapshot: Snapshot): EventKind | undefined {
  const callee = modelled(call, snapshot);
  return callee && "event" in callee.operation ? callee.operation.event : undefined;
}

/** The object that a method is called on, as written. */
export function receiverOf(call: ts.CallExpression): ts.Expression | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
}

/** Whether one node stands inside another of the same file. */
export function isInside(inner: ts.Node, outer: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}

/** Every node of a function's own code, nested functions left out. */
export function ownNodes(root: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
  return found;
}

/** Whether a node or anything in it, nested functions included, answers to the question. */
export function contains(root: ts.Node, wanted: (node: ts.Node) => boolean): boolean {
  return wanted(root) || (ts.forEachChild(root, (child) => contains(child, wanted)) ?? false);
}
