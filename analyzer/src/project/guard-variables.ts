import ts from "typescript";
import type { Snapshot } from "./port.js";
import { bare, meaningfulParent } from "./syntax.js";

/**
 * The variables of a file that may hold a guard whatever their type says: what an awaited call resolved
 * to goes into them, and the call is one of a lock's, or the variable is called later on. `let release:
 * (() => void) | undefined` has no type of ours, and releases all the same. One walk a file.
 */
export function guardVariables(file: ts.SourceFile, snapshot: Snapshot): ReadonlySet<number> {
  const bound: { readonly name: ts.Identifier; readonly call: ts.CallExpression }[] = [];
  const called = new Set<string>();

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      const name = ts.isElementAccessExpression(callee) ? bare(callee.expression) : callee;
      if (ts.isIdentifier(name)) called.add(name.text);
    } else if (ts.isAwaitExpression(node)) {
      const call = bare(node.expression);
      if (ts.isCallExpression(call)) for (const name of boundNames(node)) bound.push({ name, call });
    }
    ts.forEachChild(node, visit);
  }

  visit(file);
  const found = new Set<number>();
  for (const { name, call } of bound) {
    if (!called.has(name.text) && !isGuardCall(call, snapshot)) continue;
    const variable = snapshot.variableOf(name);
    if (variable !== undefined) found.add(variable.id);
  }
  return found;
}

function isGuardCall(call: ts.CallExpression, snapshot: Snapshot): boolean {
  const callee = snapshot.calleeOf(call);
  return callee.kind === "method" && callee.operation.op === "acquire" && callee.operation.form === "guard";
}

/** `release = await …`, `const release = await …`, `const [value, release] = await …`. */
function boundNames(awaited: ts.AwaitExpression): ts.Identifier[] {
  const { parent, child } = meaningfulParent(awaited);
  if (ts.isVariableDeclaration(parent) && parent.initializer === child) return namesIn(parent.name);
  if (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === child
  ) {
    const left = bare(parent.left);
    const parts = ts.isArrayLiteralExpression(left) ? left.elements.map(bare) : [left];
    return parts.filter(ts.isIdentifier);
  }
  return [];
}

function namesIn(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  if (!ts.isArrayBindingPattern(name)) return [];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) && ts.isIdentifier(element.name) ? [element.name] : [],
  );
}
