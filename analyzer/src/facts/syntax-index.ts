import ts from "typescript";

/**
 * What rules and tables look for in the syntax of one file, found in one walk. It is kept with the file's
 * tree: while somebody edits another file, this one's stands.
 */
export interface SyntaxIndex {
  /** Identifiers by their text, `#mu` with its sign; in the order of the text, as everything here. */
  readonly names: ReadonlyMap<string, readonly ts.Identifier[]>;
  readonly calls: readonly ts.CallExpression[];
  readonly constructions: readonly ts.NewExpression[];
  readonly variables: readonly ts.VariableDeclaration[];
  readonly spreads: readonly ts.SpreadAssignment[];
  readonly properties: readonly ts.PropertyAssignment[];
  readonly assignments: readonly ts.BinaryExpression[];
  /** `import { a as b }`: the local names by the imported one. */
  readonly renamedImports: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<ts.SourceFile, SyntaxIndex>();

export function syntaxOf(file: ts.SourceFile): SyntaxIndex {
  let index = indexes.get(file);
  if (index === undefined) {
    index = walk(file);
    indexes.set(file, index);
  }
  return index;
}

function walk(file: ts.SourceFile): SyntaxIndex {
  const names = new Map<string, ts.Identifier[]>();
  const calls: ts.CallExpression[] = [];
  const constructions: ts.NewExpression[] = [];
  const variables: ts.VariableDeclaration[] = [];
  const spreads: ts.SpreadAssignment[] = [];
  const properties: ts.PropertyAssignment[] = [];
  const assignments: ts.BinaryExpression[] = [];
  const renamedImports = new Map<string, string[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      add(names, node.text, node as ts.Identifier);
      return;
    }
    if (ts.isCallExpression(node)) calls.push(node);
    else if (ts.isNewExpression(node)) constructions.push(node);
    else if (ts.isVariableDeclaration(node)) variables.push(node);
    else if (ts.isSpreadAssignment(node)) spreads.push(node);
    else if (ts.isPropertyAssignment(node)) properties.push(node);
    else if (ts.isBinaryExpression(node)) {
      if (node.operatorToken.kind === ts.SyntaxKind.EqualsToken) assignments.push(node);
    } else if (ts.isImportSpecifier(node) && node.propertyName !== undefined)
      add(renamedImports, node.propertyName.text, node.name.text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return { names, calls, constructions, variables, spreads, properties, assignments, renamedImports };
}

function add<T>(table: Map<string, T[]>, name: string, item: T): void {
  const known = table.get(name);
  if (known === undefined) table.set(name, [item]);
  else known.push(item);
}
