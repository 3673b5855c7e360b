import ts from "typescript";
import { bare } from "./syntax.js";

type Declarations = ReadonlySet<ts.Declaration>;

const cache = new WeakMap<ts.SourceFile, { checker: ts.TypeChecker; declarations: Declarations }>();

/**
 * The variables and properties that a file assigns to other than where they are declared (and,
 * for fields, other than through `this` in a constructor), by their declarations: a field of a generic
 * class has a symbol for each instantiation. One walk a file.
 */
export function assignedDeclarations(file: ts.SourceFile, checker: ts.TypeChecker): Declarations {
  const known = cache.get(file);
  if (known?.checker === checker) return known.declarations;
  const declarations = new Set<ts.Declaration>();

  function target(node: ts.Expression): void {
    const left = bare(node);
    if (ts.isArrayLiteralExpression(left)) for (const element of left.elements) target(element);
    else if (ts.isSpreadElement(left)) target(left.expression);
    else if (ts.isObjectLiteralExpression(left)) {
      for (const property of left.properties) {
        if (ts.isPropertyAssignment(property)) target(property.initializer);
        else if (ts.isShorthandPropertyAssignment(property))
          add(checker.getShorthandAssignmentValueSymbol(property));
        else if (ts.isSpreadAssignment(property)) target(property.expression);
      }
    } else if (ts.isPropertyAccessExpression(left)) {
      if (!(left.expression.kind === ts.SyntaxKind.ThisKeyword && isInConstructor(left))) {
        add(checker.getSymbolAtLocation(left.name));
      }
    } else if (ts.isBinaryExpression(left)) target(left.left);
    else add(checker.getSymbolAtLocation(left));
  }

  function add(symbol: ts.Symbol | undefined): void {
    for (const declaration of symbol?.declarations ?? []) declarations.add(declaration);
  }

  function visit(node: ts.Node): void {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) target(node.left);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
        target(node.operand);
    } else if (
      (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
      !ts.isVariableDeclarationList(node.initializer)
    ) {
      target(node.initializer);
    }
    ts.forEachChild(node, visit);
  }

  visit(file);
  cache.set(file, { checker, declarations });
  return declarations;
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isInConstructor(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return true;
    if (ts.isFunctionLike(at) && !ts.isArrowFunction(at)) return false;
  }
  return false;
}
