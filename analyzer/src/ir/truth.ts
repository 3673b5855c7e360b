import ts from "typescript";
import { bare } from "../project/syntax.js";

/** Whether a literal counts as true: `let locked = false` … `locked = true` … `if (locked)`. */
export function truth(expression: ts.Expression): boolean | undefined {
  const at = bare(expression);
  switch (at.kind) {
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.NewExpression:
    case ts.SyntaxKind.ObjectLiteralExpression:
    case ts.SyntaxKind.ArrayLiteralExpression:
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.FunctionExpression:
      return true;
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.NullKeyword:
      return false;
    case ts.SyntaxKind.NumericLiteral:
      return Number((at as ts.NumericLiteral).text) !== 0;
    case ts.SyntaxKind.StringLiteral:
      return (at as ts.StringLiteral).text !== "";
    case ts.SyntaxKind.Identifier:
      return (at as ts.Identifier).text === "undefined" ? false : undefined;
    default:
      return undefined;
  }
}
