import type { Finding } from "../api.js";
import type { Checked } from "../check.js";
import type { Project } from "../project/project.js";
import { type Entry, hashOf, type Store } from "./store.js";

/** What was said of the files of a project when they were judged last, if all it depends on is as it was. */
export interface Memory {
  /** Undefined: to be judged. */
  recall(file: string): Recalled | undefined;
  keep(file: string, checked: Checked): void;
}

/** Without an answer: nothing in the file can matter. */
export interface Recalled {
  readonly checked: Checked | undefined;
}

/** What is known of the files that are judged together, as they are now. */
interface Known {
  readonly fingerprint: string;
  imported?: Entry["imported"] | undefined;
  readonly findings: Record<string, readonly Finding[]>;
}

/** Of a project whose answers nobody keeps. */
const forgetful: Memory = { recall: () => undefined, keep: () => {} };

export function createMemory(project: Project, store: Store | undefined): Memory {
  return store === undefined ? forgetful : createKeeper(project, store);
}

function createKeeper(project: Project, store: Store): Memory {
  const key = project.config.path ?? "";
  let known: Known | undefined;
  const plainHashes = new Map<string, string>();

  /** What was found for exactly these files, if what they import is as it was, too. */
  function together(): Known {
    const fingerprint = project.fingerprint();
    if (known?.fingerprint !== fingerprint) {
      const entry = store.typed(key, fingerprint);
      const same = entry?.imported.every(([file, hash]) => hash === hashOf(project.textOf(file) ?? ""));
      known = {
        fingerprint,
        ...(same && { imported: entry?.imported }),
        findings: same ? { ...entry?.findings } : {},
      };
    }
    return known;
  }

  function recallPlain(file: string): Recalled | undefined {
    const text = project.plainText(file);
    if (text === undefined) return { checked: undefined };
    // The name decides how a text is read: as TypeScript or JavaScript, with JSX or without.
    const hash = hashOf(file.slice(file.lastIndexOf(".")), text);
    const before = store.plain(hash);
    if (before !== undefined) return found(before.map((each) => renamed(each, "", file)));
    plainHashes.set(file, hash);
    return undefined;
  }

  function keepTyped(file: string, findings: readonly Finding[]): void {
    const all = together();
    all.imported ??= project.imported().map((each) => [each, hashOf(project.textOf(each) ?? "")] as const);
    all.findings[file] = findings;
    store.keepTyped(key, all.fingerprint, { imported: all.imported, findings: all.findings });
  }

  return {
    recall(file) {
      if (!project.admit(file)) return recallPlain(file);
      const before = together().findings[file];
      return before && found(before);
    },
    keep(file, { findings, errors }) {
      if (errors.length > 0) return;
      const hash = plainHashes.get(file);
      if (project.admit(file)) keepTyped(file, findings);
      else if (hash !== undefined)
        store.keepPlain(
          hash,
          findings.map((each) => renamed(each, file, "")),
        );
    },
  };
}

const found = (findings: readonly Finding[]): Recalled => ({
  checked: { findings: [...findings], errors: [] },
});

function renamed(finding: Finding, from: string, to: string): Finding {
  const name = <T extends { readonly file: string }>(each: T): T =>
    each.file === from ? { ...each, file: to } : each;
  return {
    ...name(finding),
    related: finding.related.map(name),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(name) })),
  };
}
