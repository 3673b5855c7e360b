import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";
import { occurrencesOf } from "./occurrences.js";

/** Where a function is used, as far as the program shows. */
export interface Callers {
  readonly calls: readonly ts.CallExpression[];
  /** Started as a task by its name: `go(worker)`. */
  readonly spawns: readonly ts.CallExpression[];
  /** It goes somewhere as a value: whoever gets it may call it. */
  readonly passed: boolean;
}

/** Every use of a function's name in the program. */
export function callersOf(body: FunctionWithBody, snapshot: Snapshot): Callers {
  const own = nameOf(body);
  const none = { calls: [], spawns: [], passed: false };
  if (own === undefined) return none;
  const calls: ts.CallExpression[] = [];
  const spawns: ts.CallExpression[] = [];
  let passed = false;
  for (const name of occurrencesOf({ name: own.text, declaration: own.parent as ts.Declaration }, snapshot)) {
    if (name === own || ts.isImportSpecifier(name.parent) || ts.isExportSpecifier(name.parent)) continue;
    const access =
      ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
    const { parent, child } = meaningfulParent(access);
    if (ts.isCallExpression(parent) && parent.expression === child) {
      const callee = snapshot.calleeOf(parent);
      if (callee.kind === "body" && callee.declaration === body) calls.push(parent);
    } else if (snapshot.bodyOf(access) === body) {
      const callee = ts.isCallExpression(parent) ? snapshot.calleeOf(parent) : undefined;
      const starts =
        (callee?.kind === "function" || callee?.kind === "method") &&
        (callee.operation.op === "spawn" || callee.operation.op === "wg-go");
      if (starts && ts.isCallExpression(parent)) spawns.push(parent);
      else passed = true;
    }
  }
  return { calls, spawns, passed };
}

/** The name that a function is called by: its own, or that of the constant or property that holds it. */
export function nameOf(body: FunctionWithBody): ts.Identifier | undefined {
  let named: ts.Node = body;
  if (ts.isArrowFunction(body) || ts.isFunctionExpression(body)) {
    const { parent, child } = meaningfulParent(body);
    const holds =
      (ts.isVariableDeclaration(parent) ||
        ts.isPropertyDeclaration(parent) ||
        ts.isPropertyAssignment(parent)) &&
      parent.initializer !== undefined &&
      bare(parent.initializer) === bare(child as ts.Expression);
    if (!holds) return undefined;
    named = parent;
  }
  const name = "name" in named ? (named.name as ts.Node | undefined) : undefined;
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
    ? (name as ts.Identifier)
    : undefined;
}
