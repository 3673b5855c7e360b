import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../api.js";

/** Facts of one file, by what they depend on: `undefined` where that changed, or nothing is known. */
export interface Entry {
  /** Files outside the fingerprint that were read, with the hashes of their texts. */
  readonly imported: readonly (readonly [file: string, hash: string])[];
  readonly findings: Readonly<Record<string, readonly Finding[]>>;
}

/**
 * What was found, remembered on disk by content. A folder that cannot be read is empty, one that cannot be
 * written is told of once; neither changes a result.
 */
export interface Store {
  /** Of a text that was judged by itself. Its findings name their file by the empty path. */
  plain(hash: string): readonly Finding[] | undefined;
  keepPlain(hash: string, findings: readonly Finding[]): void;
  /** Of the files that were judged together, when their fingerprint was this. */
  typed(project: string, fingerprint: string): Entry | undefined;
  keepTyped(project: string, fingerprint: string, entry: Entry): void;
  save(): void;
}

/** Grows when the shape of what is stored changes. */
const format = 1;

export function hashOf(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("base64url");
}

interface Stored {
  readonly version: string;
  readonly plain: Readonly<Record<string, readonly Finding[]>>;
  readonly typed: Readonly<Record<string, { readonly fingerprint: string; readonly entry: Entry }>>;
}

/** `version`: of everything that judges. Texts that were not asked about in a run are forgotten when it is saved. */
export function openStore(folder: string, version: string, log: (message: string) => void): Store {
  const file = join(folder, "results.json");
  const own = `${format} ${version}`;
  const before = read(file, own);
  const plain = new Map<string, readonly Finding[]>();
  const typed = new Map(Object.entries(before?.typed ?? {}));
  let changed = false;

  return {
    plain(hash) {
      const known = before?.plain[hash];
      if (known !== undefined) plain.set(hash, known);
      return known;
    },
    keepPlain(hash, findings) {
      changed = true;
      plain.set(hash, findings);
    },
    typed(project, fingerprint) {
      const known = typed.get(project);
      return known?.fingerprint === fingerprint ? known.entry : undefined;
    },
    keepTyped(project, fingerprint, entry) {
      changed = true;
      typed.set(project, { fingerprint, entry });
    },
    save() {
      if (!changed) return;
      const stored: Stored = {
        version: own,
        plain: Object.fromEntries(plain),
        typed: Object.fromEntries(typed),
      };
      try {
        mkdirSync(folder, { recursive: true });
        // Two runs at a time must not leave half of each.
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(stored));
        renameSync(temporary, file);
        changed = false;
      } catch (error) {
        log(`could not write the cache ${file}: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}

/** Nothing where there is no cache, one of another version, or one that was cut off. */
function read(file: string, version: string): Stored | undefined {
  try {
    const stored: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isStored(stored) && stored.version === version ? stored : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is Stored {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    "plain" in value &&
    typeof value.plain === "object" &&
    value.plain !== null &&
    "typed" in value &&
    typeof value.typed === "object" &&
    value.typed !== null
  );
}
