import type ts from "typescript";
import { pieceOf } from "../../project/pieces.js";
import type { Snapshot } from "../../project/port.js";
import type { Elsewhere } from "../../project/readings.js";

interface Held<T> {
  readonly result: T;
  readonly elsewhere: Elsewhere;
  readonly piece: ts.Node;
  /** The program in which it was found, or seen to hold still. */
  since: number;
}

/** What is found out of a node is found once, as long as its piece of the file stands and what it reads elsewhere. */
export function createHolding<N extends ts.Node, T>(find: (node: N, snapshot: Snapshot) => T) {
  const known = new WeakMap<N, Held<T>>();
  return (node: N, snapshot: Snapshot): T => {
    const { revisions, reader } = snapshot.lasting;
    const before = known.get(node);
    if (before !== undefined && stands(before, node, snapshot)) {
      before.since = revisions.now;
      return before.result;
    }
    const { result, reading } = reader.record(() => find(node, snapshot));
    const piece = pieceOf(node);
    const others = [...reading.nodes].filter(
      (each) => pieceOf(each) !== piece && !each.getSourceFile().isDeclarationFile,
    );
    const files = new Set(others.map((each) => each.getSourceFile().fileName));
    const elsewhere = { nodes: new Set(others), names: reading.names, files };
    known.set(node, { result, elsewhere, piece, since: revisions.now });
    return result;
  };
}

function stands<T>({ elsewhere, piece, since }: Held<T>, node: ts.Node, snapshot: Snapshot): boolean {
  const { revisions, holds } = snapshot.lasting;
  if (since === revisions.now) return true;
  return (
    pieceOf(node) === piece &&
    revisions.typesOf(node.getSourceFile().fileName) <= since &&
    holds(elsewhere, since, snapshot)
  );
}
