import ts from "typescript";
import { runsCallbackAtOnce } from "../ir/harmless.js";
import type { Callee, Snapshot } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";

const testRunners = new Set([
  "it",
  "test",
  "specify",
  "beforeEach",
  "afterEach",
  "beforeAll",
  "afterAll",
  "describe",
]);

/** `it("…", async () => …)`: tests run one after the other. */
export function isTestBody(call: ts.CallExpression, snapshot: Snapshot): boolean {
  let at = bare(call.expression);
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) at = bare(at.expression);
  return ts.isIdentifier(at) && testRunners.has(at.text) && snapshot.calleeOf(call).kind !== "body";
}

/** The callee runs its callback before it is done itself: `withLock`, `once.do`, `forEach`, `defer`. */
export function isImmediate(callee: Callee): boolean {
  if (callee.kind === "builtin") return runsCallbackAtOnce(callee);
  if (callee.kind !== "method" && callee.kind !== "function") return false;
  const { operation } = callee;
  return (
    operation.op === "runs" ||
    operation.op === "defer" ||
    (operation.op === "acquire" && operation.form === "section") ||
    (operation.op === "harmless" && operation.event?.startsWith("select-") === true)
  );
}

/** Whether the place is passed more than once in one run of its function. */
export function isRepeated(node: ts.Node, snapshot: Snapshot): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isIterationStatement(parent, false) && parent.statement === at) return true;
    if (!ts.isFunctionLike(parent)) continue;
    const use = meaningfulParent(parent);
    if (!ts.isArrowFunction(parent) && !ts.isFunctionExpression(parent)) return false;
    if (!ts.isCallExpression(use.parent) || use.parent.expression === use.child) return false;
    if (isTestBody(use.parent, snapshot)) return false;
    if (!isImmediate(snapshot.calleeOf(use.parent))) return false;
    if (snapshot.calleeOf(use.parent).kind === "builtin") return true;
    at = use.parent;
  }
  return false;
}

/** The program's main function: `export default async function scenario()`, `main()`. */
export function runsOnce(unit: ts.Node): boolean {
  if (!ts.isFunctionDeclaration(unit)) return false;
  const isDefault = ts.getModifiers(unit)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword) ?? false;
  return (isDefault && unit.parameters.length === 0) || unit.name?.text === "main";
}
