import ts from "typescript";

/**
 * The statement of a file, or the member of one of its classes, that a node is in; for the file, itself. It is
 * what an edit leaves as a whole or makes anew: a piece that is the same node as before has the same text.
 */
export function pieceOf(node: ts.Node): ts.Node {
  let inner: ts.Node = node;
  let at: ts.Node = node;
  while (at.parent !== undefined && !ts.isSourceFile(at.parent)) {
    inner = at;
    at = at.parent;
  }
  return ts.isClassDeclaration(at) && inner !== at && ts.isClassElement(inner) ? inner : at;
}
