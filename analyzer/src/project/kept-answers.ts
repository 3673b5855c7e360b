import type ts from "typescript";
import type { Lasting } from "./lasting.js";
import { elsewhere, pieceOf } from "./pieces.js";
import type { Snapshot } from "./port.js";
import type { Elsewhere } from "./readings.js";

interface Kept<T> {
  readonly answer: T;
  readonly piece: ts.Node;
  readonly reading: Elsewhere;
  /** The program in which it was found, or seen to hold still. */
  since: number;
}

export type KeptAnswers<T> = (node: ts.Node, snapshot: Snapshot, find: () => T) => T;

/**
 * What is asked of the compiler about the text of a node, kept from one snapshot to the next while
 * neither that text nor what the answer was found from changes. The answer is to rest on nothing else: not on
 * facts of functions, and not on where a name stands in the program.
 */
export function keepAnswers<T>(): KeptAnswers<T> {
  const projects = new WeakMap<Lasting, WeakMap<ts.Node, Kept<T>>>();

  function keptIn(lasting: Lasting): WeakMap<ts.Node, Kept<T>> {
    let kept = projects.get(lasting);
    if (kept === undefined) {
      kept = new WeakMap();
      projects.set(lasting, kept);
    }
    return kept;
  }

  function stillHolds({ piece, reading, since }: Kept<T>, node: ts.Node, snapshot: Snapshot): boolean {
    const { revisions, holds } = snapshot.lasting;
    if (since === revisions.now) return true;
    return (
      pieceOf(node) === piece &&
      revisions.typesOf(node.getSourceFile().fileName) <= since &&
      holds(reading, since, snapshot)
    );
  }

  return (node, snapshot, find) => {
    const { reader, revisions } = snapshot.lasting;
    const kept = keptIn(snapshot.lasting);
    let known = kept.get(node);
    if (known === undefined || !stillHolds(known, node, snapshot)) {
      const { result: answer, reading } = reader.record(find);
      const piece = pieceOf(node);
      known = { answer, piece, reading: elsewhere(reading, piece), since: 0 };
      kept.set(node, known);
    }
    known.since = revisions.now;
    reader.again(known.reading);
    return known.answer;
  };
}
