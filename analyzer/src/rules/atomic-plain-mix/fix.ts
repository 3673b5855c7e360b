import ts from "typescript";
import { isWrite } from "../../plain/scopes.js";
import { meaningfulParent } from "../../project/syntax.js";
import type { FixPlan } from "../rule.js";

const compound = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsToken, "store"],
  [ts.SyntaxKind.PlusEqualsToken, "add"],
  [ts.SyntaxKind.MinusEqualsToken, "sub"],
  [ts.SyntaxKind.AmpersandEqualsToken, "and"],
  [ts.SyntaxKind.BarEqualsToken, "or"],
  [ts.SyntaxKind.CaretEqualsToken, "xor"],
]);

/** `cells[0]` → `Atomics.load(cells, 0)`; as a statement, `cells[0] += n` → `Atomics.add(cells, 0, n)`. */
export function byAtomics(access: ts.ElementAccessExpression): FixPlan | undefined {
  const [array, index] = [access.expression.getText(), access.argumentExpression.getText()];
  if (!isWrite(access)) return plan(access, `Atomics.load(${array}, ${index})`);
  const { parent, child } = meaningfulParent(access);
  if (!ts.isExpressionStatement(parent.parent)) return undefined;
  if (ts.isBinaryExpression(parent) && parent.left === child) {
    const method = compound.get(parent.operatorToken.kind);
    return method === undefined
      ? undefined
      : plan(parent, `Atomics.${method}(${array}, ${index}, ${parent.right.getText()})`);
  }
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    const method = parent.operator === ts.SyntaxKind.PlusPlusToken ? "add" : "sub";
    return plan(parent, `Atomics.${method}(${array}, ${index}, 1)`);
  }
  return undefined;
}

function plan(node: ts.Node, text: string): FixPlan {
  return {
    title: `Use \`${text}\``,
    safety: "safe",
    edits: [{ file: node.getSourceFile(), start: node.getStart(), end: node.getEnd(), text }],
  };
}
