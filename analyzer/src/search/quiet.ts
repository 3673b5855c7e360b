import ts from "typescript";
import type { Lasting } from "../project/lasting.js";
import { pieceOf } from "../project/pieces.js";
import type { Snapshot } from "../project/port.js";
import type { Entry } from "./entries.js";
import type { Limits } from "./explore.js";

/** A search that found nothing, and what it rests on. */
interface Quiet {
  readonly closed: boolean;
  readonly limits: Limits;
  /** The functions that ran, with the piece that each is in. */
  readonly pieces: ReadonlyMap<ts.Node, ts.Node>;
  /** The files whose declarations were evaluated. */
  readonly files: ReadonlySet<string>;
  /** The program in which it was searched, or seen to be as it was. */
  since: number;
}

/** Entries from which nothing was found, in this snapshot of a project or in an earlier one. */
export interface QuietEntries {
  /** Whether a search would find nothing, as before. */
  has(entry: Entry, limits: Limits): boolean;
  /** `entered`: the functions and files whose code the search ran. */
  add(entry: Entry, limits: Limits, entered: ReadonlySet<ts.Node>): void;
}

const projects = new WeakMap<Lasting, WeakMap<ts.Node, Quiet>>();

export function quietEntries({ lasting }: Snapshot): QuietEntries {
  const { revisions, isCurrent } = lasting;
  const kept = projects.get(lasting) ?? new WeakMap<ts.Node, Quiet>();
  projects.set(lasting, kept);

  /**
   * Where the types of a file stand, nothing outside of its functions' bodies changed; of the functions those
   * that ran must be as they were.
   */
  function stillHolds({ since, files, pieces }: Quiet): boolean {
    for (const file of files) if (revisions.typesOf(file) > since) return false;
    for (const [node, piece] of pieces) if (!isCurrent(node) || pieceOf(node) !== piece) return false;
    return true;
  }

  return {
    has({ node, closed }, limits) {
      const known = kept.get(node);
      if (known === undefined || known.closed !== closed || known.limits.steps !== limits.steps) return false;
      if (known.since !== revisions.now && !stillHolds(known)) return false;
      known.since = revisions.now;
      return true;
    },
    add({ node, closed }, limits, entered) {
      const functions = [...entered].filter((each) => !ts.isSourceFile(each));
      const files = [...entered].filter(ts.isSourceFile);
      kept.set(node, {
        closed,
        limits,
        pieces: new Map(functions.map((each) => [each, pieceOf(each)])),
        files: new Set(files.map(({ fileName }) => fileName)),
        since: revisions.now,
      });
    },
  };
}
