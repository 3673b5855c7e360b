import ts from "typescript";
import type { InternalError } from "../api.js";
import { hashOf } from "../cache/store.js";
import { type Checked, type Checker, checkPlain, createChecker } from "../check.js";
import { createFactsStore } from "../facts/kept.js";
import { models as builtIn, createRegistry, type LibraryModel } from "../model/index.js";
import { mayMatterPlain } from "../plain/gate.js";
import type { ProjectConfig } from "./config.js";
import { isSource, sourcesBelow } from "./files.js";
import { createGate } from "./gate.js";
import { createLasting } from "./lasting.js";
import { createLockImports } from "./lock-imports.js";
import { isTooDeep } from "./nesting.js";
import type { Snapshot } from "./port.js";
import { createPrograms } from "./programs.js";
import { createSnapshot } from "./snapshot.js";
import { parses } from "./syntax-errors.js";
import type { Texts } from "./texts.js";

/** The files of one configuration that can matter, loaded, and a snapshot of them. */
export interface Project {
  readonly config: ProjectConfig;
  readonly errors: readonly InternalError[];
  /** Whether the file can hold a finding; it is loaded then, and followed from now on. */
  admit(file: string): boolean;
  /** The text of a file changed, on disk or in an editor. */
  changed(file: string): void;
  checker(): Checker;
  /** How many functions were explored since the project was opened. */
  readonly explored: number;
  /** What the rules that need no types say of a file that was not admitted. */
  checkPlain(file: string): Checked | undefined;
  /** The text of a file that was not admitted, if those rules can say anything of it. */
  plainText(file: string): string | undefined;
  /** Admitted files, as the program has them: each after what it imports. */
  loadingOrder(): readonly string[];
  /** Changes when any file that is judged by its types does, or when there is one more or less. */
  fingerprint(): string;
  /** What the judged files import besides, from the disk or from packages. */
  imported(): readonly string[];
  textOf(file: string): string | undefined;
  /**
   * Files whose present text does not parse, with it: while somebody types, the last text that did is
   * what stands, and what is known of it is shown where it is now.
   */
  readonly unparsed: ReadonlyMap<string, string>;
  snapshot(): Snapshot;
  admitted(): readonly string[];
  dispose(): void;
}

const declarationsFile = (name: string) => `/__lockscope__/${name.replace(/\W+/g, "-")}.d.ts`;

/** `models`: those of the workspace's own configuration, besides the built-in ones. */
export function createProject(
  config: ProjectConfig,
  root: string,
  texts: Texts,
  models: readonly LibraryModel[] = [],
): Project {
  const registry = createRegistry([...builtIn, ...models]);
  const gate = createGate(registry.models);
  const ambient = registry.models.flatMap(({ name, declarations }) =>
    declarations === undefined ? [] : [[declarationsFile(name), declarations] as const],
  );
  const programs = createPrograms(config.options, texts, new Map(ambient));

  const lasting = createLasting(programs.revisions);
  const facts = createFactsStore();

  const admitted = new Set<string>();
  const looked = new Set<string>();
  const unparsed = new Map<string, string>();
  const lockImports = createLockImports(config.options, texts, gate);
  let fingerprint: string | undefined;
  let current: { snapshot: Snapshot; checker: Checker } | undefined;

  /** Locks are taken in one file and released in another: all files that matter are looked at together. */
  function loadAll(): void {
    for (const file of config.files ?? sourcesBelow(root)) if (isSource(file)) admit(file);
  }
  let loaded = false;

  function admit(file: string): boolean {
    if (!looked.has(file)) refresh(file);
    return admitted.has(file);
  }

  function refresh(file: string): void {
    looked.add(file);
    const text = texts.read(file);
    const known = programs.textOf(file);
    unparsed.delete(file);
    if (text !== undefined && known !== undefined && isHalfTyped(file, text, known)) {
      unparsed.set(file, text);
      return;
    }
    current = undefined;
    fingerprint = undefined;
    const matters = text !== undefined && (gate.mayMatter(text) || lockImports.importsLock(file, text));
    if (text === undefined || (!matters && known === undefined)) {
      admitted.delete(file);
      if (text === undefined && known !== undefined) programs.remove(file);
      return;
    }
    if (matters) admitted.add(file);
    else admitted.delete(file);
    programs.set(file, text);
  }

  /** What was left out may import a lock now. */
  function lookAgain(): void {
    for (const file of looked) if (!admitted.has(file)) looked.delete(file);
    if (loaded) current = undefined;
    fingerprint = undefined;
    loaded = false;
  }

  function isHalfTyped(file: string, text: string, before: string): boolean {
    return text !== before && !parses(file, text) && parses(file, before);
  }

  function plainText(file: string): string | undefined {
    const text = texts.read(file);
    return text !== undefined && mayMatterPlain(text) ? text : undefined;
  }

  function load(): void {
    if (loaded) return;
    loaded = true;
    loadAll();
  }

  function now() {
    load();
    if (current === undefined) {
      const snapshot = createSnapshot(programs.current(), [...admitted], registry, lasting);
      current = { snapshot, checker: createChecker(snapshot, facts) };
    }
    return current;
  }

  return {
    config,
    errors: config.errors,
    admit,
    changed(file) {
      if (isSource(file) && lockImports.changed(file, loaded && !looked.has(file))) lookAgain();
      // A file that is only imported is loaded as well, and its text counts.
      if (looked.has(file) || programs.textOf(file) !== undefined || (loaded && isSource(file)))
        refresh(file);
    },
    checker: () => now().checker,
    get explored() {
      return facts.explored;
    },
    checkPlain(file) {
      const text = plainText(file);
      if (text === undefined || isTooDeep(text)) return undefined;
      return checkPlain(
        ts.createSourceFile(file, text, config.options.target ?? ts.ScriptTarget.ESNext, true),
      );
    },
    plainText,
    loadingOrder() {
      load();
      return programs
        .current()
        .getSourceFiles()
        .flatMap(({ fileName }) => (admitted.has(fileName) ? [fileName] : []));
    },
    fingerprint() {
      load();
      fingerprint ??= hashOf(
        JSON.stringify(config.options),
        JSON.stringify(models),
        ...[...looked]
          .sort()
          .flatMap((file) => [file, admitted.has(file) ? (programs.textOf(file) ?? "") : ""]),
      );
      return fingerprint;
    },
    imported: () => {
      now();
      return programs.imported();
    },
    textOf: (file) => texts.read(file),
    unparsed,
    snapshot: () => now().snapshot,
    admitted: () => [...admitted],
    dispose() {
      current = undefined;
      programs.dispose();
    },
  };
}
