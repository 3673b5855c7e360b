import ts from "typescript";

/** Whether other modules can name a declaration at the top of its file. */
export function isExported(node: ts.Node): boolean {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const marked =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false);
  if (marked) return true;
  const name = ts.getNameOfDeclaration(node as ts.Declaration);
  return name !== undefined && ts.isIdentifier(name) && exportedNames(node.getSourceFile()).has(name.text);
}

const lists = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** `export { a, b }`, `export default a`, `module.exports = …`. */
function exportedNames(file: ts.SourceFile): ReadonlySet<string> {
  const known = lists.get(file);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const all = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, all);
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier) all(statement);
    if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) all(statement);
    if (ts.isExpressionStatement(statement) && /^\s*(module\.)?exports\b/.test(statement.getText()))
      all(statement);
  }
  lists.set(file, names);
  return names;
}

export function isPrivateMember(member: ts.Node): boolean {
  const name = ts.getNameOfDeclaration(member as ts.Declaration);
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    (name !== undefined && ts.isPrivateIdentifier(name)) ||
    (ts.getCombinedModifierFlags(member as ts.Declaration) & hidden) !== 0
  );
}
