import ts from "typescript";
import type { Writing } from "../../plain/parts.js";
import type { Scopes } from "../../plain/scopes.js";
import { bare, enclosingFunction, isFunctionLiteral } from "../../project/syntax.js";
import { isShared } from "./cell.js";
import { calledName } from "./wait.js";
import { type CellWrite, writeOf } from "./writes.js";

/** Methods that give the next promise of a chain. */
export const links = new Set(["then", "catch", "finally"]);

/** So far a chain is followed back. */
export const maxLinks = 12;

/** A cell gets a new promise. */
export type ChainWrite = CellWrite & { readonly value: ts.Expression };

/** Assignments to shared cells in functions that can run more than once. */
export function chainWrites(scopes: Scopes): ChainWrite[] {
  return scopes.parts.writes.flatMap((node): ChainWrite[] => {
    if (!mayBeLink(writtenBy(node), scopes)) return [];
    const write = writeOf(node, scopes);
    if (write?.kind !== "take" || write.value === undefined) return [];
    const unit = enclosingFunction(node);
    const runsOften = !ts.isSourceFile(unit) && !ts.isConstructorDeclaration(unit) && !runsAtOnce(unit);
    // A parameter is one call's own chain, which may well stop at its first failure.
    const isOwn = write.cell.root?.kind === "parameter" && !write.cell.key.includes(".");
    return runsOften && !isOwn && isShared(write.cell, unit) ? [{ ...write, value: write.value }] : [];
  });
}

function writtenBy(node: Writing): ts.Expression | undefined {
  if (ts.isBinaryExpression(node))
    return node.operatorToken.kind === ts.SyntaxKind.EqualsToken ? node.right : undefined;
  return ts.isCallExpression(node) ? node.arguments[1] : undefined;
}

/** By its looks: `x.then(…)` or a name for one, `Promise.resolve()`, `task()`, `(async () => …)()`. */
function mayBeLink(value: ts.Expression | undefined, scopes: Scopes): boolean {
  let at = value && bare(value);
  for (let depth = 0; at !== undefined && ts.isIdentifier(at); depth += 1) {
    const declaration = scopes.bindingOf(at)?.declaration;
    if (depth > maxLinks || !isLocalConstant(declaration)) return false;
    at = bare(declaration.initializer);
  }
  if (at === undefined || !ts.isCallExpression(at)) return false;
  const callee = bare(at.expression);
  if (!ts.isPropertyAccessExpression(callee)) return ts.isIdentifier(callee) || isFunctionLiteral(callee);
  return links.has(callee.name.text) || callee.name.text === "resolve";
}

/** `items.forEach((item) => { last = last.then(…) })`: one chain of one call, made to stop at the first failure. */
function runsAtOnce(unit: ts.Node): boolean {
  const call = unit.parent;
  return (
    isFunctionLiteral(unit) &&
    ts.isCallExpression(call) &&
    call.expression !== unit &&
    /^(?:forEach|map|reduce|filter|each|some|every)$/.test(calledName(call))
  );
}

export function isLocalConstant(
  declaration: ts.Node | undefined,
): declaration is ts.VariableDeclaration & { initializer: ts.Expression } {
  return (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer !== undefined
  );
}
