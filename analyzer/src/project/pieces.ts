import ts from "typescript";
import type { Elsewhere, Reading } from "./readings.js";

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

const nothing: Elsewhere = { nodes: new Set(), names: new Set(), files: new Set() };

/** What is in the piece itself is there as long as the piece is; a file of declarations has types alone. */
export function elsewhere({ nodes, names }: Reading, piece: ts.Node): Elsewhere {
  if (nodes.size === 0 && names.size === 0) return nothing;
  const others = [...nodes].filter(
    (node) => pieceOf(node) !== piece && !node.getSourceFile().isDeclarationFile,
  );
  return {
    names,
    nodes: new Set(others),
    files: new Set(others.map((node) => node.getSourceFile().fileName)),
  };
}
