import type ts from "typescript";
import { createIdentities, type Identities } from "./identities.js";
import { createMemberIndexes, type MemberIndex } from "./member-index.js";
import type { Snapshot } from "./port.js";
import { createReader, type Elsewhere, type Reader } from "./readings.js";
import type { Revisions } from "./revisions.js";

/** What is kept from one program of a project to the next. */
export interface Lasting {
  readonly identities: Identities;
  readonly reader: Reader;
  readonly revisions: Revisions;
  /** The program of now is another one. */
  take(program: ts.Program): MemberIndex;
  /** The one of that program. */
  snapshot(): Snapshot;
  /** Said by the snapshot itself. */
  is(snapshot: Snapshot): void;
  isCurrent(node: ts.Node): boolean;
  /** Whether what was read in an earlier program is as it was. */
  holds(reading: Elsewhere, since: number, snapshot: Snapshot): boolean;
  /** Whether nothing changed since that program of what is known by these names or is in these files. */
  isUntouched(reading: Pick<Elsewhere, "names" | "files">, since: number): boolean;
  /** The variables of a file that may hold a guard. */
  guards(file: ts.SourceFile, found: ReadonlySet<number>): void;
  /** Under this name they are read. */
  guardsName(file: string): string;
}

interface Changes {
  readonly names: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

/** What holds since longer than this many programs is looked at anew. */
const longest = 1000;

export function createLasting(revisions: Revisions): Lasting {
  const reader = createReader();
  const members = createMemberIndexes(reader);
  const guards = new Map<string, { readonly content: string; readonly since: number }>();
  const history = new Map<number, Changes>();
  let sums = new Map<number, Changes>();
  let trees: ReadonlySet<ts.SourceFile> = new Set();
  let present: Snapshot | undefined;
  const isCurrent = (node: ts.Node) => trees.has(node.getSourceFile());
  const guardsName = (file: string) => `guards of ${file}`;

  /** All that changed after the program of that number. */
  function changedSince(since: number): Changes {
    let sum = sums.get(since);
    if (sum === undefined) {
      const all: Changes[] = [];
      for (let n = since + 1; n <= revisions.now; n += 1) all.push(history.get(n) ?? nothing);
      sum = {
        names: new Set(all.flatMap(({ names }) => [...names])),
        files: new Set(all.flatMap(({ files }) => [...files])),
      };
      sums.set(since, sum);
    }
    return sum;
  }

  function haveGuardsChanged(name: string, since: number, snapshot: Snapshot): boolean {
    const file = snapshot.sourceFile(name);
    if (file === undefined) return true;
    snapshot.guardVariables(file);
    return (guards.get(name)?.since ?? 0) > since;
  }

  return {
    identities: createIdentities(isCurrent),
    reader,
    revisions,
    take(program) {
      trees = new Set(program.getSourceFiles());
      const index = members.of(program);
      history.set(revisions.now, { names: members.changed, files: revisions.edited });
      history.delete(revisions.now - longest);
      sums = new Map();
      return index;
    },
    snapshot() {
      if (present === undefined) throw new Error("there is no snapshot yet");
      return present;
    },
    is(snapshot) {
      present = snapshot;
    },
    isCurrent,
    holds({ nodes, names, files }, since, snapshot) {
      if (revisions.now - since >= longest) return false;
      const changed = changedSince(since);
      for (const name of changed.names) if (names.has(name)) return false;
      for (const file of changed.files) {
        if (names.has(guardsName(file)) && haveGuardsChanged(file, since, snapshot)) return false;
        if (files.has(file)) for (const node of nodes) if (!isCurrent(node)) return false;
      }
      return true;
    },
    isUntouched({ names, files }, since) {
      if (revisions.now - since >= longest) return false;
      const changed = changedSince(since);
      for (const name of changed.names) if (names.has(name)) return false;
      for (const file of changed.files) if (files.has(file) || names.has(guardsName(file))) return false;
      return true;
    },
    guards(file, found) {
      const content = [...found].sort().join();
      if (guards.get(file.fileName)?.content !== content)
        guards.set(file.fileName, { content, since: revisions.now });
    },
    guardsName,
  };
}

const nothing: Changes = { names: new Set(), files: new Set() };
