import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { isTooDeep } from "./nesting.js";
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
  /** The program of now. */
  current(): ts.Program;
  dispose(): void;
}

/** Files of the language's own library are alike for everyone who compiles to the same target. */
const libraryFiles = new Map<string, ts.SourceFile>();

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
  /** Parsed when the program is made: what is remembered from an earlier run needs none. */
  const roots = new Map<string, { readonly text: string; source?: ts.SourceFile }>();
  const imported = new Map<string, ts.SourceFile | undefined>();
  let program: ts.Program | undefined;
  let stale = true;

  // What nests too deeply has its place in the program, and nothing in it.
  const parse = (file: string, text: string) => parseText(file, isTooDeep(text) ? "" : text);
  const parseText = (file: string, text: string) =>
    ts.createSourceFile(file, text, { languageVersion: target });
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
      if (roots.get(file)?.text === text) return;
      const known = imported.get(file);
      stale = true;
      imported.delete(file);
      roots.set(file, { text, ...(known?.text === text && { source: known }) });
    },
    remove(file) {
      stale = true;
      roots.delete(file);
      imported.delete(file);
    },
    textOf: (file) => (roots.get(file) ?? imported.get(file))?.text,
    imported: () => [...imported].flatMap(([file, source]) => (source === undefined ? [] : [file])),
    current() {
      if (program === undefined || stale) {
        program = ts.createProgram({
          rootNames: [...roots.keys()],
          options,
          host,
          ...(program !== undefined && { oldProgram: program }),
        });
        stale = false;
      }
      return program;
    },
    dispose() {
      program = undefined;
      roots.clear();
      imported.clear();
    },
  };
}
