import ts from "typescript";
import { bare, isAsync, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { type Binding, isWrite, type Scopes } from "../scopes.js";
import { isInTestBlock, isSpawn, runsMany } from "./names.js";

/** Whether two tasks can be inside a function at a time, as far as the file shows. */
type Runs = "many" | "spawned" | "once";

/**
 * Whether a variable of an outer function is shared between tasks where an inner function uses it: several
 * activations of the inner function see one activation of the outer one.
 */
export function isSharedCapture(binding: Binding, at: ts.Node, scopes: Scopes): boolean {
  if (ts.isSourceFile(binding.home) || ts.isModuleBlock(binding.home)) return true;
  if (isInTestBlock(binding.declaration) || isComponent(binding.home)) return false;
  let spawned = false;
  for (const fn of functionsUpTo(at, binding.home)) {
    const runs = howRun(fn, binding.home, scopes, 0);
    if (runs === "many") return true;
    if (runs === "spawned") spawned = true;
  }
  const inner = functionsUpTo(at, binding.home).at(-1);
  return spawned && inner !== undefined && binding.uses.some((use) => isWrite(use) && !isInside(use, inner));
}

function functionsUpTo(node: ts.Node, home: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let at = node.parent; at !== undefined && at !== home; at = at.parent)
    if (ts.isFunctionLike(at)) found.push(at);
  return found;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}

function howRun(fn: ts.Node, home: ts.Node, scopes: Scopes, depth: number): Runs {
  if (depth > 4) return "once";
  if (ts.isMethodDeclaration(fn)) return isHandedOut(fn.parent, home) ? "many" : "once";
  if (ts.isFunctionDeclaration(fn)) return fn.name ? howNamed(fn.name, home, scopes, depth) : "once";
  if (!isFunctionLiteral(fn)) return "once";
  const { parent, child } = meaningfulParent(fn);
  if (ts.isCallExpression(parent)) {
    if (parent.expression === child)
      return isAwaited(parent) ? "once" : isInLoop(parent, home) ? "many" : "spawned";
    if (runsMany(parent)) return isAsync(fn) ? "many" : "once";
    if (isSpawn(parent)) return isInLoop(parent, home) ? "many" : "spawned";
    return "once";
  }
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return howNamed(parent.name, home, scopes, depth);
  return isHandedOut(fn, home) ? "many" : "once";
}

/** By the calls of a local function: two that nobody waits for in between overlap. */
function howNamed(name: ts.Identifier, home: ts.Node, scopes: Scopes, depth: number): Runs {
  let tasks = 0;
  for (const use of scopes.declaredBy(name)?.uses ?? []) {
    const { parent, child } = meaningfulParent(use);
    if (ts.isCallExpression(parent) && parent.expression !== child) {
      if (runsMany(parent)) return "many";
      if (isSpawn(parent)) tasks += isInLoop(parent, home) ? 2 : 1;
    } else if (ts.isCallExpression(parent)) {
      const around = functionsUpTo(parent, home)[0];
      // What calls itself when it is done is one task still.
      if (around !== undefined && isInside(around, name.parent)) continue;
      const runs =
        around === undefined || isInside(name, around) ? "once" : howRun(around, home, scopes, depth + 1);
      if (runs === "many") return "many";
      const own =
        around !== undefined && ts.isArrowFunction(around) && around.body === meaningfulParent(parent).child;
      const free = runs === "spawned" || (!isAwaited(parent) && !own);
      if (free)
        tasks += isInLoop(parent, around ?? home) || (around !== undefined && isInLoop(around, home)) ? 2 : 1;
    } else if (isHandedOut(use, home)) return "many";
  }
  return tasks > 1 ? "many" : tasks === 1 ? "spawned" : "once";
}

/** Returned by the outer function, on its own or in an object: whoever gets it may call it as often as they like. */
function isHandedOut(node: ts.Node, home: ts.Node): boolean {
  let at: ts.Node = node;
  for (;;) {
    const { parent, child } = meaningfulParent(at);
    if (ts.isReturnStatement(parent)) return true;
    if (ts.isArrowFunction(parent)) return parent === home && parent.body === child;
    if (
      (ts.isPropertyAssignment(parent) && parent.initializer === child) ||
      ts.isShorthandPropertyAssignment(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isSpreadAssignment(parent) ||
      ts.isArrayLiteralExpression(parent)
    ) {
      at = parent;
      continue;
    }
    if (
      ts.isVariableDeclaration(parent) &&
      ts.isIdentifier(parent.name) &&
      !isFunctionLiteral(bare(node as ts.Expression))
    ) {
      const { text } = parent.name;
      return (
        ts.isFunctionLike(home) &&
        "body" in home &&
        home.body !== undefined &&
        returns(home.body as ts.Node, text)
      );
    }
    return false;
  }
}

/** `return name`, or `({ name })`, somewhere in the function itself. */
function returns(body: ts.Node, name: string): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      const value = bare(node.expression);
      if (ts.isIdentifier(value) && value.text === name) found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

export function isAwaited(call: ts.Node): boolean {
  const { parent } = meaningfulParent(call);
  return ts.isAwaitExpression(parent);
}

export function isInLoop(node: ts.Node, home: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent !== undefined && at !== home; at = at.parent) {
    const { parent } = at;
    if (ts.isIterationStatement(parent, false) && parent.statement === at) return true;
    if (ts.isFunctionLike(at) && at !== node && ts.isCallExpression(parent) && runsMany(parent)) return true;
    if (
      ts.isCallExpression(parent) &&
      /^(?:map|forEach|from)$/.test(lastName(parent)) &&
      ts.isFunctionLike(at)
    )
      return true;
  }
  return false;
}

function lastName(call: ts.CallExpression): string {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : "";
}

/** A component or a hook is called again for each render, with variables of its own. */
function isComponent(home: ts.Node): boolean {
  const named = ts.isFunctionDeclaration(home)
    ? home.name
    : ts.isVariableDeclaration(home.parent)
      ? home.parent.name
      : undefined;
  const name = named?.getText() ?? "";
  return /^use[A-Z]/.test(name) || (/^[A-Z]/.test(name) && /\.[jt]sx$/.test(home.getSourceFile().fileName));
}
