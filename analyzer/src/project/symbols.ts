import ts from "typescript";

/** The module that a declaration belongs to, if it is one of the ambient modules that the models declare. */
export function libraryName(declaration: ts.Declaration): string | undefined {
  for (let node: ts.Node = declaration; node !== undefined; node = node.parent) {
    if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) return node.name.text;
  }
  return undefined;
}

/** The class, interface or namespace variable that a member is declared in. */
export function ownerOf(declaration: ts.Declaration): string | undefined {
  const parent = declaration.parent;
  if (ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent)) return parent.name?.text;
  return undefined;
}
