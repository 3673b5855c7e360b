import ts from "typescript";

/** The identifiers of a file by their text: found once, as long as the file stays as it is. */
export type Names = ReadonlyMap<string, readonly ts.Identifier[]>;

const tables = new WeakMap<ts.SourceFile, Names>();

export function namesIn(file: ts.SourceFile): Names {
  const known = tables.get(file);
  if (known !== undefined) return known;
  const names = new Map<string, ts.Identifier[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const list = names.get(node.text);
      if (list === undefined) names.set(node.text, [node as ts.Identifier]);
      else list.push(node as ts.Identifier);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  tables.set(file, names);
  return names;
}
