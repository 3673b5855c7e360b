import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";

/** Code that is not part of the program can reach it: exported, or a public member of what is exported. */
export function isReachedFromOutside(declaration: ts.Node): boolean {
  if (ts.isVariableDeclaration(declaration)) return isExported(declaration.parent.parent);
  const owner = declaration.parent;
  const isMember =
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertySignature(declaration) ||
    (ts.isParameter(declaration) && ts.isParameterPropertyDeclaration(declaration, declaration.parent));
  if (!isMember) return false;
  const hidden =
    ("name" in declaration &&
      declaration.name !== undefined &&
      ts.isPrivateIdentifier(declaration.name as ts.Node)) ||
    (ts.getCombinedModifierFlags(declaration as ts.Declaration) &
      (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !==
      0;
  const type = ts.isConstructorDeclaration(owner) ? owner.parent : owner;
  return !hidden && isExported(type);
}

/** In JavaScript a field is declared by its assignment: `this.wg = new WaitGroup()` in an exported class. */
export function isPublicInScript(target: ts.Expression, snapshot: Snapshot): boolean {
  const at = bare(target);
  if (!ts.isPropertyAccessExpression(at) || !ts.isIdentifier(at.name)) return false;
  const declaration = snapshot.variableOf(at.name)?.declaration;
  if (declaration !== undefined && ts.isPropertyDeclaration(declaration)) return false;
  for (let node: ts.Node = at; node.parent !== undefined; node = node.parent)
    if (ts.isClassLike(node)) return isExported(node);
  return false;
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}
