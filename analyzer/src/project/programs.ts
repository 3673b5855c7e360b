import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { isTooDeep } from "./nesting.js";
import { createRevisions, type Revisions } from "./revisions.js";
import type { Texts } from "./texts.js";

/**
 * TypeScript programs, one after the other, over the same files: what did not change is neither read
 * nor parsed nor resolved again. Editors' texts win over the disk, for files that are only imported too.
 */
export interface Programs {
  /** From now on a root of the program, with this text. */
  set(file: string, text: string): void;
  remove(file: string): void;
  /** The text that the program has of a file: a root, or one that was imported. */
  textOf(file: string): string | undefined;
  /** Files of the program that are no roots, the language's own library left out. */
  imported(): readonly string[];
  /** The program of now. What trees of earlier ones share with its own is where its text has it. */
  current(): ts.Program;
  readonly revisions: Revisions;
  dispose(): void;
}

/** Files of the language's own library are alike for everyone who compiles to the same target. */
const libraryFiles = new Map<string, ts.SourceFile>();

/** Parsed when the program is made: what is remembered from an earlier run needs none. */
interface Root {
  readonly text: string;
  source?: ts.SourceFile;
  /** The tree of the text before, for the new one to be made of. */
  before?: ts.SourceFile;
}

/** Bundled, the compiler's library lies in a folder beside the bundle. */
const shipped = join(dirname(ts.sys.getExecutingFilePath()), "typescript-lib");
const libraryFolder = existsSync(shipped) ? shipped : dirname(ts.getDefaultLibFilePath({}));

/** `ambient`: declarations that are part of every program, by the name of a file that exists nowhere. */
export function createPrograms(
  options: ts.CompilerOptions,
  texts: Texts,
  ambient: ReadonlyMap<string, string>,
): Programs {
  const target = options.target ?? ts.ScriptTarget.ES2022;
  const roots = new Map<string, Root>();
  const imported = new Map<string, ts.SourceFile | undefined>();
  let program: ts.Program | undefined;
  let stale = true;
  const revisions = createRevisions();

  // What nests too deeply has its place in the program, and nothing in it.
  const parse = (file: string, text: string) => parseText(file, isTooDeep(text) ? "" : text);
  const parseText = (file: string, text: string) =>
    ts.createSourceFile(file, text, { languageVersion: target, jsDocParsingMode: comments(file) });
  for (const [file, text] of ambient) roots.set(file, { text });

  function sourceFile(file: string): ts.SourceFile | undefined {
    const root = roots.get(file);
    if (root !== undefined) {
      root.source ??= parse(file, root.text);
      return root.source;
    }
    if (file.startsWith(libraryFolder)) return libraryFile(file);
    if (!imported.has(file)) {
      const text = texts.read(file);
      imported.set(file, text === undefined ? undefined : parse(file, text));
    }
    return imported.get(file);
  }

  function libraryFile(file: string): ts.SourceFile | undefined {
    const key = `${target} ${file}`;
    let known = libraryFiles.get(key);
    if (known === undefined) {
      const text = ts.sys.readFile(file);
      known = text === undefined ? undefined : parse(file, text);
      if (known !== undefined) libraryFiles.set(key, known);
    }
    return known;
  }

  /** Of a tree that an edit left, the new one is made: statements and members that it did not touch stay. */
  function parseEdited(program: ts.Program): void {
    for (const root of roots.values()) {
      const { before, text } = root;
      if (before === undefined) continue;
      const change = changeBetween(before.text, text);
      revisions.editing(before, change, program);
      if (before.text !== "" && !isTooDeep(text)) root.source = ts.updateSourceFile(before, text, change);
      delete root.before;
    }
  }

  const host: ts.CompilerHost = {
    getSourceFile: sourceFile,
    getDefaultLibFileName: (wanted) => join(libraryFolder, ts.getDefaultLibFileName(wanted)),
    getDefaultLibLocation: () => libraryFolder,
    writeFile() {},
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getCanonicalFileName: (file) => (ts.sys.useCaseSensitiveFileNames ? file : file.toLowerCase()),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getNewLine: () => "\n",
    fileExists: (file) => roots.has(file) || texts.isOpen(file) || ts.sys.fileExists(file),
    readFile: (file) => roots.get(file)?.text ?? texts.read(file),
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
  };

  return {
    set(file, text) {
      const root = roots.get(file);
      if (root?.text === text) return;
      const known = root?.source ?? root?.before ?? imported.get(file);
      stale = true;
      imported.delete(file);
      if (known === undefined && root === undefined) revisions.everything();
      roots.set(file, { text, ...(known !== undefined && sourceOrBefore(known, text)) });
    },
    remove(file) {
      stale = true;
      revisions.everything();
      roots.delete(file);
      imported.delete(file);
    },
    textOf: (file) => (roots.get(file) ?? imported.get(file))?.text,
    imported: () => [...imported].flatMap(([file, source]) => (source === undefined ? [] : [file])),
    current() {
      if (program === undefined || stale) {
        if (program !== undefined) parseEdited(program);
        program = ts.createProgram({
          rootNames: [...roots.keys()],
          options,
          host,
          ...(program !== undefined && { oldProgram: program }),
        });
        stale = false;
        revisions.made(program);
      }
      return program;
    },
    revisions,
    dispose() {
      program = undefined;
      roots.clear();
      imported.clear();
    },
  };
}

/** In files of declarations, most of them comments, nobody looks for annotations. */
function comments(file: string): ts.JSDocParsingMode {
  const isDeclarations = /\.d\.(?:[cm]?ts|[^.]+\.ts)$/.test(file);
  return isDeclarations ? ts.JSDocParsingMode.ParseNone : ts.JSDocParsingMode.ParseAll;
}

function sourceOrBefore(known: ts.SourceFile, text: string): Pick<Root, "source" | "before"> {
  return known.text === text ? { source: known } : { before: known };
}

/** Texts are alike up to the first difference and from the last one on. */
function changeBetween(from: string, to: string): ts.TextChangeRange {
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from.charCodeAt(head) === to.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < shorter - head &&
    from.charCodeAt(from.length - 1 - tail) === to.charCodeAt(to.length - 1 - tail)
  )
    tail += 1;
  return {
    span: { start: head, length: from.length - head - tail },
    newLength: to.length - head - tail,
  };
}
