import ts from "typescript";

type Wrapping =
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression
  | ts.TypeAssertion;

/** An expression without what changes nothing at run time: parentheses, `as`, `satisfies`, `!`. */
export function bare(expression: ts.Expression): ts.Expression {
  let at = expression;
  for (;;) {
    switch (at.kind) {
      case ts.SyntaxKind.ParenthesizedExpression:
      case ts.SyntaxKind.AsExpression:
      case ts.SyntaxKind.SatisfiesExpression:
      case ts.SyntaxKind.NonNullExpression:
      case ts.SyntaxKind.TypeAssertionExpression:
        at = (at as Wrapping).expression;
        break;
      default:
        return at;
    }
  }
}

/** The nearest parent that means something at run time: skips what `bare` strips. */
export function meaningfulParent(node: ts.Node): { readonly parent: ts.Node; readonly child: ts.Node } {
  let child = node;
  while (
    ts.isExpression(child.parent) &&
    child.parent !== bare(child.parent) &&
    bare(child.parent) === bare(child as ts.Expression)
  ) {
    child = child.parent;
  }
  return { parent: child.parent, child };
}

export function isFunctionLiteral(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

export function isAsync(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

export function isGenerator(node: ts.Node): boolean {
  return (
    (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
    node.asteriskToken !== undefined
  );
}

/** The function (or file) whose body a node runs in. */
export function enclosingFunction(node: ts.Node): ts.Node {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at) || ts.isSourceFile(at) || ts.isClassStaticBlockDeclaration(at)) return at;
  }
  return node.getSourceFile();
}

/** Text of one line for messages: an expression as written, white space folded, cut when long. */
export function shortText(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `using x = …`, the declaration or its list. */
export function isUsing(node: ts.Node): boolean {
  return (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Using) === ts.NodeFlags.Using;
}
