import type ts from "typescript";
import type { Snapshot } from "../project/port.js";
import type { Elsewhere } from "../project/readings.js";
import type { UnitFacts } from "./facts.js";
import type { Grounds } from "./kept.js";

/** The facts of all functions of a file, and what they rest on together. */
interface KeptFile {
  readonly source: ts.SourceFile;
  readonly units: readonly UnitFacts[];
  readonly names: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
  /** Rests on answers that only asking again can tell. */
  readonly isDelicate: boolean;
  /** The program in which it was found, or seen to hold still; and the one in which it came out otherwise. */
  since: number;
  readonly changed: number;
}

/**
 * Facts of whole files: after an edit most files are known to be as they were without a look at each of
 * their functions. What comes out as before is the same list, so that what is made of it can be kept, too.
 */
export interface KeptFiles {
  /** Undefined where the functions have to be asked. */
  of(source: ts.SourceFile, snapshot: Snapshot): readonly UnitFacts[] | undefined;
  /** The list to go by: the one before if it says the same. */
  keep(
    source: ts.SourceFile,
    units: readonly UnitFacts[],
    grounds: readonly Grounds[],
    now: number,
  ): readonly UnitFacts[];
}

/** `stateNamesOf`: the program since which the same names mean state that has a lock, in a file. */
export function createKeptFiles(stateNamesOf: (file: string) => number): KeptFiles {
  const kept = new Map<string, KeptFile>();
  let known: { readonly now: number; readonly doubtful: ReadonlySet<string> } | undefined;

  /** Files whose functions have to be asked: something that they rest on changed, or may have. */
  function doubtful(snapshot: Snapshot): ReadonlySet<string> {
    const { now } = snapshot.lasting.revisions;
    if (known?.now !== now) {
      known = { now, doubtful: find(snapshot) };
      for (const [name, file] of kept) if (!known.doubtful.has(name)) file.since = now;
    }
    return known.doubtful;
  }

  function find(snapshot: Snapshot): ReadonlySet<string> {
    const found = new Set<string>();
    const users = new Map<string, string[]>();
    for (const [name, file] of kept) {
      if (snapshot.sourceFile(name) !== file.source) kept.delete(name);
      if (isDoubtful(name, file, snapshot)) found.add(name);
      for (const used of file.files) {
        const known = users.get(used);
        if (known === undefined) users.set(used, [name]);
        else known.push(name);
      }
    }
    // What a function is known by may hang on those that it calls, and on those that they call.
    for (const name of found) for (const user of users.get(name) ?? []) found.add(user);
    return found;
  }

  function isDoubtful(name: string, file: KeptFile, { lasting, sourceFile }: Snapshot): boolean {
    const { source, since, isDelicate, names, files } = file;
    if (isDelicate || sourceFile(name) !== source) return true;
    if (lasting.revisions.typesOf(name) > since || stateNamesOf(name) > since) return true;
    if (!lasting.isUntouched({ names, files }, since)) return true;
    for (const used of files) if ((kept.get(used)?.changed ?? 0) > since) return true;
    return false;
  }

  return {
    of(source, snapshot) {
      const before = kept.get(source.fileName);
      if (before?.source !== source || doubtful(snapshot).has(source.fileName)) return undefined;
      return before.units;
    },
    keep(source, units, grounds, now) {
      const before = kept.get(source.fileName);
      const isSame =
        before?.source === source &&
        before.units.length === units.length &&
        before.units.every((each, n) => each.observations === units[n]?.observations);
      // Functions that call each other have theirs in common.
      const readings = [...new Set(grounds)].flatMap((each): readonly Elsewhere[] => each.readings);
      const list = isSame ? before.units : units;
      kept.set(source.fileName, {
        source,
        units: list,
        names: new Set(readings.flatMap((each) => [...each.names])),
        files: new Set(readings.flatMap((each) => [...each.files])),
        isDelicate: grounds.some((each) => each.soles.size > 0),
        since: now,
        changed: isSame ? before.changed : now,
      });
      return list;
    },
  };
}
