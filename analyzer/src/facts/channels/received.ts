import ts from "typescript";
import type { Snapshot } from "../../project/port.js";
import { bare, enclosingFunction, meaningfulParent } from "../../project/syntax.js";

/**
 * Variables that hold what an operation gave: the value received, the result of a `select`, what is taken
 * from them without asking anybody else. A decision on them follows a protocol of the two sides.
 */
export function resultVariables(node: ts.Node, snapshot: Snapshot): ReadonlySet<number> {
  const found = new Set<number>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      const variable = snapshot.variableOf(name);
      if (variable) found.add(variable.id);
    } else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
    for (const declaration of node.initializer.declarations) bind(declaration.name);
  } else if (ts.isCallExpression(node)) {
    boundBy(node, bind, snapshot, found);
    for (const argument of node.arguments) {
      const at = bare(argument);
      if (ts.isArrowFunction(at) || ts.isFunctionExpression(at))
        for (const parameter of at.parameters) bind(parameter.name);
    }
  }
  derive(enclosingFunction(node), found, bind, snapshot);
  return found;
}

/** `const x = await …`, `x = (await …) ?? y`. */
function boundBy(
  node: ts.Expression,
  bind: (name: ts.BindingName) => void,
  snapshot: Snapshot,
  found: Set<number>,
): void {
  let at: ts.Node = node;
  for (let depth = 0; depth < 6; depth += 1) {
    const { parent } = meaningfulParent(at);
    if (ts.isVariableDeclaration(parent)) return bind(parent.name);
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const left = bare(parent.left);
      const names = ts.isArrayLiteralExpression(left) ? left.elements.map(bare) : [left];
      for (const name of names) {
        const variable = ts.isIdentifier(name) ? snapshot.variableOf(name) : undefined;
        if (variable) found.add(variable.id);
      }
      return;
    }
    if (!ts.isExpression(parent) || ts.isCallExpression(parent)) return;
    at = parent;
  }
}

/** `const { kind } = message`: still what was received. */
function derive(
  scope: ts.Node,
  found: Set<number>,
  bind: (name: ts.BindingName) => void,
  snapshot: Snapshot,
): void {
  if (found.size === 0) return;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) {
      const at = bare(node.initializer);
      if (!ts.isAwaitExpression(at) && !ts.isCallExpression(at) && mentions(at, found, snapshot))
        bind(node.name);
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
}

export function mentions(node: ts.Node, variables: ReadonlySet<number>, snapshot: Snapshot): boolean {
  if (ts.isIdentifier(node)) {
    const variable = snapshot.variableOf(node);
    return variable !== undefined && variables.has(variable.id);
  }
  return ts.forEachChild(node, (child) => mentions(child, variables, snapshot) || undefined) ?? false;
}

/** Whether a node lies within another. */
export function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && outer.pos <= node.pos && node.end <= outer.end;
}
