import ts from "typescript";
import { bare, enclosingFunction } from "../../project/syntax.js";
import type { Scopes } from "../scopes.js";
import { ownerOf } from "./functions.js";
import { indexOf } from "./places.js";
import type { Place } from "./values.js";

/** A `SyncMap`, by what this file says of it: it is there to be shared. */
export function syncMapPlace(receiver: ts.Expression, scopes: Scopes): Place | undefined {
  const node = bare(receiver);
  const declaration = declarationOf(node, scopes);
  if (declaration === undefined || !isSyncMap(declaration)) return undefined;
  // Made and used by one call alone.
  if (ts.isVariableDeclaration(declaration) && enclosingFunction(declaration) === enclosingFunction(node)) {
    if (!ts.isSourceFile(enclosingFunction(declaration))) return undefined;
  }
  const index = indexOf(node, scopes);
  const text = node.getText();
  return index && { key: `map.${index.key}`, text, name: text.split(".").at(-1) ?? text, indexes: [] };
}

function declarationOf(node: ts.Expression, scopes: Scopes): ts.Node | undefined {
  if (ts.isIdentifier(node)) return scopes.bindingOf(node)?.declaration;
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return undefined;
  const owner = ownerOf(node);
  if (owner === undefined || !ts.isClassLike(owner)) return undefined;
  for (const member of owner.members) {
    if (member.name?.getText() === node.name.text) return member;
    if (ts.isConstructorDeclaration(member))
      for (const parameter of member.parameters)
        if (
          ts.isParameterPropertyDeclaration(parameter, member) &&
          parameter.name.getText() === node.name.text
        )
          return parameter;
  }
  return undefined;
}

function isSyncMap(declaration: ts.Node): boolean {
  const { type, initializer } = declaration as { type?: ts.TypeNode; initializer?: ts.Expression };
  if (type !== undefined) return /^SyncMap\b/.test(type.getText());
  const value = initializer && bare(initializer);
  return value !== undefined && ts.isNewExpression(value) && /^SyncMap$/.test(value.expression.getText());
}

const reads = /^(?:readFile|readJson|readJSON|readTextFile|readFileSync|readJsonSync|readJSONSync)$/;
const writes =
  /^(?:writeFile|writeJson|writeJSON|writeTextFile|outputFile|outputJson|outputJSON|writeFileSync|writeJsonSync)$/;

/** Whether a call reads, or writes, a whole file. */
export function fileAccess(name: string): "read" | "write" | undefined {
  return reads.test(name) ? "read" : writes.test(name) ? "write" : undefined;
}

/**
 * A file whose name is a field, or a variable of the module: a store that the program keeps. A file whose
 * name is worked out by the call is as a rule one that this call alone is about.
 */
export function filePlace(name: ts.Expression, scopes: Scopes): Place | undefined {
  const node = bare(name);
  if (/process\.argv|^#!/.test(node.getSourceFile().text)) return undefined;
  let root: ts.Expression = node;
  while (ts.isPropertyAccessExpression(root)) root = bare(root.expression);
  const own =
    (root.kind === ts.SyntaxKind.ThisKeyword && root !== node) ||
    (ts.isIdentifier(root) && ts.isSourceFile(scopes.bindingOf(root)?.home ?? node));
  const index = own ? indexOf(node, scopes) : undefined;
  return index && { key: `file.${index.key}`, text: node.getText(), name: "file", indexes: index.reads };
}
