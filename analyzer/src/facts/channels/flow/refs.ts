import ts from "typescript";
import type { FunctionWithBody, Snapshot, Variable } from "../../../project/port.js";
import { bare } from "../../../project/syntax.js";
import type { ChannelValue } from "./values.js";

/**
 * What a slot is of, in terms that outlive a program: a variable by its number, an expression by its node, a
 * channel for what is sent through it.
 */
export type Ref = number | ts.Node | ChannelValue | Named | Result | Local | Outside;

/** Properties of plain objects and of interfaces, by their name, in the files around one. */
export interface Named {
  readonly kind: "named";
  readonly name: string;
  readonly file: string;
}

/** What a function returns. */
export interface Result {
  readonly kind: "result";
  readonly body: FunctionWithBody;
}

/** A step on the way that has no text of its own. */
export interface Local {
  readonly kind: "local";
}

/** What code that is not seen gets hold of. */
export interface Outside {
  readonly kind: "outside";
}

export const outside: Outside = { kind: "outside" };

export function resultOf(body: FunctionWithBody): Result {
  return { kind: "result", body };
}

/** A field or property by its declaration, or by its name where that has none of its own. */
export function memberRef(variable: Variable | undefined, name: string, at: ts.Node): Ref {
  const { declaration } = variable ?? {};
  const own =
    declaration !== undefined &&
    (ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration)) &&
    !ts.isInterfaceDeclaration(declaration.parent);
  return own && variable !== undefined
    ? variable.id
    : { kind: "named", name, file: at.getSourceFile().fileName };
}

/** What an expression may be: a variable that is read is the variable. */
export function expressionRef(node: ts.Node, snapshot: Snapshot): Ref {
  const at = ts.isExpression(node) ? bare(node) : node;
  return (ts.isIdentifier(at) && isRead(at) ? snapshot.variableOf(at)?.id : undefined) ?? at;
}

/** Nothing but itself ever comes out of these. */
const inert: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateExpression,
  ts.SyntaxKind.RegularExpressionLiteral,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.PrefixUnaryExpression,
  ts.SyntaxKind.PostfixUnaryExpression,
  ts.SyntaxKind.TypeOfExpression,
]);

export function isInert(node: ts.Node): boolean {
  return inert.has((ts.isExpression(node) ? bare(node) : node).kind);
}

/** Not the name in a declaration, a member's name, or a label. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isImportClause(parent)) {
    return ts.isBindingElement(parent) && parent.initializer === node;
  }
  const named = parent as ts.Node & { readonly name?: ts.Node };
  return (
    !(
      ts.isDeclarationStatement(parent) ||
      ts.isClassElement(parent) ||
      ts.isParameter(parent) ||
      ts.isVariableDeclaration(parent)
    ) || named.name !== node
  );
}
