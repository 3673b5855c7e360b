import ts from "typescript";
import { syntaxOf } from "../../facts/syntax-index.js";
import type { PrimitiveKind } from "../../model/index.js";
import {
  bare,
  enclosingFunction,
  isFunctionLiteral,
  isUsing,
  meaningfulParent,
} from "../../project/syntax.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { isInTest } from "../tests.js";
import { doc, sources } from "./doc.js";
import { hoisted } from "./fix.js";

/** Locks over a store are named by their prefix: two objects of one name are one lock. */
const kinds = new Set<PrimitiveKind>(["mutex", "rwmutex", "semaphore", "recursive-mutex"]);

/** What the compiler need not be asked about. */
const everyday =
  /^(?:Map|Set|WeakMap|WeakSet|Date|Promise|Array|URL|URLSearchParams|RegExp|AbortController|Buffer|\w*Error|\w*Array|\w*Event|\w*Emitter)$/;

export const localLock: Rule = {
  id: "local-lock",
  title: "A lock that only one call knows",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const made of syntaxOf(context.file).constructions) {
      const unit = everyday.test(made.expression.getText()) ? undefined : functionOf(made);
      const report = unit && reportOf(made, unit, context);
      if (report !== undefined) yield report;
    }
  },
};

/** The function that makes it; none for what a class or a file makes. */
function functionOf(made: ts.Node): ts.Node | undefined {
  for (let at = made.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return at;
    if (ts.isClassLike(at)) return undefined;
  }
  return undefined;
}

function reportOf(made: ts.NewExpression, unit: ts.Node, context: RuleContext): Report | undefined {
  const { parent } = meaningfulParent(made);
  const isVariable = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name);
  if (!isVariable && !ts.isPropertyAccessExpression(parent)) return undefined;
  const primitive = context.snapshot.constructed(made);
  if (primitive === undefined || !kinds.has(primitive.model.kind)) return undefined;
  if (isInTest(made, context.snapshot)) return undefined;
  if (!isVariable) {
    // `await new Mutex().withLock(work)`
    return isTaking(parent, context) ? report(made, primitive.name, undefined) : undefined;
  }
  const { name } = parent;
  const uses = usesOf(name as ts.Identifier, unit, context);
  if (!uses.some((use) => isTaking(use.parent, context))) return undefined;
  if (!uses.every((use) => isOwnUse(use, unit, context))) return undefined;
  return report(made, primitive.name, { declaration: parent, uses });
}

function report(
  made: ts.NewExpression,
  kind: string,
  local: { declaration: ts.VariableDeclaration; uses: readonly ts.Identifier[] } | undefined,
): Report {
  const name = local === undefined ? "" : ` \`${local.declaration.name.getText()}\``;
  return {
    node: made,
    message: `${kind}${name} is made anew by each call and used by that call alone: it keeps nobody out`,
    fixes: local === undefined ? [] : [hoisted(local.declaration, local.uses)],
  };
}

function usesOf(name: ts.Identifier, unit: ts.Node, { snapshot }: RuleContext): ts.Identifier[] {
  const own = snapshot.variableOf(name)?.id;
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && isValue(node)) {
      if (snapshot.variableOf(node)?.id === own) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(unit);
  return found;
}

function isValue(node: ts.Identifier): boolean {
  return !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node);
}

/** `mu.method` that is called here and now, its promise awaited on the spot: nobody else gets at the lock. */
function isOwnUse(use: ts.Identifier, unit: ts.Node, context: RuleContext): boolean {
  const access = meaningfulParent(use).parent;
  if (!ts.isPropertyAccessExpression(access)) return false;
  const { parent: call, child } = meaningfulParent(access);
  if (!ts.isCallExpression(call) || call.expression !== child) {
    // `mu.locked`
    return runsHere(use, unit, context) && context.snapshot.primitiveOf(access) === undefined;
  }
  const callee = context.snapshot.calleeOf(call);
  if (callee.kind !== "method") return false;
  switch (callee.operation.op) {
    case "acquire":
      return runsHere(use, unit, context) && ts.isAwaitExpression(meaningfulParent(call).parent);
    case "try-acquire":
    case "release":
      return runsHere(use, unit, context);
    default:
      return false;
  }
}

function isTaking(access: ts.Node, { snapshot }: RuleContext): boolean {
  if (!ts.isPropertyAccessExpression(access)) return false;
  const { parent: call, child } = meaningfulParent(access);
  if (!ts.isCallExpression(call) || call.expression !== child) return false;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method") return false;
  const { op } = callee.operation;
  return op === "try-acquire" || (op === "acquire" && ts.isAwaitExpression(meaningfulParent(call).parent));
}

/** In the function itself, or in a callback that it runs and waits for: a section's, `defer`'s. */
function runsHere(node: ts.Node, unit: ts.Node, { snapshot }: RuleContext): boolean {
  for (let at = enclosingFunction(node); at !== unit; at = enclosingFunction(at)) {
    const { parent: call } = meaningfulParent(at);
    if (!isFunctionLiteral(bare(at as ts.Expression)) || !ts.isCallExpression(call)) return false;
    const callee = snapshot.calleeOf(call);
    const isSection =
      callee.kind === "method" && callee.operation.op === "acquire" && callee.operation.form === "section";
    const isDeferred = callee.kind === "function" && callee.operation.op === "defer" && isUsing(call.parent);
    if (!isDeferred && !(isSection && ts.isAwaitExpression(meaningfulParent(call).parent))) return false;
  }
  return true;
}
