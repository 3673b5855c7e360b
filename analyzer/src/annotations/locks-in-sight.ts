import ts from "typescript";
import type { Member, Snapshot } from "../project/port.js";
import { lockMode } from "./resolve.js";

/** A lock that an annotation may name at some declaration, as it would be written there. */
export interface LockInSight {
  readonly path: string;
  /** `Mutex`, `RWMutex`. */
  readonly className: string;
}

const maxDepth = 2;

/** Siblings first, then parameters and what they hold, then the variables around. */
export function locksInSight(declaration: ts.Node, snapshot: Snapshot): LockInSight[] {
  const found = new Map<string, LockInSight>();
  const add = (path: string, primitive: Member["primitive"]): boolean => {
    if (primitive === undefined) return false;
    if (lockMode(primitive.model) !== undefined && !found.has(path))
      found.set(path, { path, className: primitive.name });
    return true;
  };

  function addMembers(owner: ts.Node, prefix: string, depth: number, bare: boolean): void {
    for (const { variable, primitive } of snapshot.membersOf(owner)) {
      const path = bare && primitive !== undefined ? variable.name : `${prefix}.${variable.name}`;
      if (add(path, primitive) || depth >= maxDepth || variable.declaration === undefined) continue;
      if (ts.isPropertyDeclaration(variable.declaration) || ts.isPropertyAssignment(variable.declaration))
        addMembers(variable.declaration.name, path, depth + 1, false);
    }
  }

  function addNames(pattern: ts.BindingName, withMembers: boolean): void {
    if (!ts.isIdentifier(pattern)) {
      for (const element of pattern.elements)
        if (ts.isBindingElement(element)) addNames(element.name, withMembers);
    } else if (!add(pattern.text, snapshot.primitiveOf(pattern)) && withMembers)
      addMembers(pattern, pattern.text, maxDepth, false);
  }

  const owner = ownerOf(declaration);
  if (owner !== undefined) addMembers(owner, "this", 1, true);
  for (let at: ts.Node | undefined = declaration; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) for (const { name } of at.parameters) addNames(name, at === declaration);
    if ("statements" in at) for (const statement of (at as ts.Block).statements) addStatement(statement);
  }

  function addStatement(statement: ts.Statement): void {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) addNames(name, false);
    else if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings !== undefined && ts.isNamedImports(bindings))
        for (const { name } of bindings.elements) {
          const declaration = snapshot.variableOf(name)?.declaration;
          if (declaration !== undefined && ts.isVariableDeclaration(declaration)) addNames(name, false);
        }
    }
  }
  return [...found.values()];
}

function ownerOf(declaration: ts.Node): ts.Node | undefined {
  for (let at = declaration; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent) || ts.isTypeLiteralNode(parent))
      return parent;
    if (ts.isObjectLiteralExpression(parent)) return parent;
    if (ts.isFunctionDeclaration(at)) return undefined;
  }
  return undefined;
}
