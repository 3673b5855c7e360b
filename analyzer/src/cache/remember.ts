import type { Finding } from "../api.js";
import type { Checked } from "../check.js";
import type { Project } from "../project/project.js";
import { type Entry, hashOf, type Store } from "./store.js";

/** Judges files, and does not judge again what is as it was when it was judged last. */
export interface Memory {
  /** Undefined: nothing in the file can matter. */
  check(file: string): Checked | undefined;
}

/** Without a store every file is judged. */
export function createMemory(project: Project, store: Store | undefined): Memory {
  const judge = (file: string) =>
    project.admit(file) ? project.checker().check(file) : project.checkPlain(file);
  if (store === undefined) return { check: judge };

  const key = project.config.path ?? "";
  let known: { readonly fingerprint: string; readonly entry: Entry | undefined } | undefined;

  /** What was found for exactly these files, if what they import is as it was, too. */
  function remembered(fingerprint: string): Entry | undefined {
    if (known?.fingerprint !== fingerprint) {
      const entry = store?.typed(key, fingerprint);
      const same = entry?.imported.every(([file, hash]) => hash === hashOf(project.textOf(file) ?? ""));
      known = { fingerprint, entry: same ? entry : undefined };
    }
    return known.entry;
  }

  function checkTyped(file: string, memory: Store): Checked {
    const fingerprint = project.fingerprint();
    const entry = remembered(fingerprint);
    const before = entry?.findings[file];
    if (before !== undefined) return { findings: [...before], errors: [] };
    const result = project.checker().check(file);
    if (result.errors.length === 0) {
      const imported =
        entry?.imported ??
        project.imported().map((each) => [each, hashOf(project.textOf(each) ?? "")] as const);
      known = {
        fingerprint,
        entry: { imported, findings: { ...entry?.findings, [file]: result.findings } },
      };
      memory.keepTyped(key, fingerprint, known.entry as Entry);
    }
    return result;
  }

  function checkPlain(file: string, memory: Store): Checked | undefined {
    const text = project.plainText(file);
    if (text === undefined) return undefined;
    // The name decides how a text is read: as TypeScript or JavaScript, with JSX or without.
    const hash = hashOf(file.slice(file.lastIndexOf(".")), text);
    const before = memory.plain(hash);
    if (before !== undefined) return { findings: before.map((each) => renamed(each, "", file)), errors: [] };
    const result = judge(file);
    if (result?.errors.length === 0)
      memory.keepPlain(
        hash,
        result.findings.map((each) => renamed(each, file, "")),
      );
    return result;
  }

  return { check: (file) => (project.admit(file) ? checkTyped(file, store) : checkPlain(file, store)) };
}

function renamed(finding: Finding, from: string, to: string): Finding {
  const name = <T extends { readonly file: string }>(each: T): T =>
    each.file === from ? { ...each, file: to } : each;
  return {
    ...name(finding),
    related: finding.related.map(name),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(name) })),
  };
}
