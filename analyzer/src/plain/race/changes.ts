import ts from "typescript";

const K = ts.SyntaxKind;

export const changes = new Set([
  "set",
  "add",
  "push",
  "unshift",
  "pop",
  "shift",
  "delete",
  "clear",
  "splice",
]);

/** Assignments that change what is there whatever it is. */
const steps = new Set<ts.SyntaxKind>([
  K.PlusEqualsToken,
  K.MinusEqualsToken,
  K.AsteriskEqualsToken,
  K.SlashEqualsToken,
  K.BarEqualsToken,
  K.AmpersandEqualsToken,
]);

/** `found.push(x)`, `n++`, `n += x`: what is there is changed in one step, and nothing later relies on it. */
export function isOnlyChanged(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    const call = parent.parent;
    return (
      ts.isCallExpression(call) &&
      call.expression === parent &&
      ts.isExpressionStatement(call.parent) &&
      isChange(parent.name.text, call.arguments.length)
    );
  }
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === K.PlusPlusToken || parent.operator === K.MinusMinusToken;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    steps.has(parent.operatorToken.kind) &&
    !containsAwait(parent.right)
  );
}

function isChange(method: string, count: number): boolean {
  if (method === "set") return count === 2;
  return (
    changes.has(method) && (count > 0 || (method !== "add" && method !== "push" && method !== "unshift"))
  );
}

function containsAwait(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.forEachChild(node, containsAwait) ?? false);
}
