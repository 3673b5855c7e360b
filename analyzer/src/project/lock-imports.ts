import ts from "typescript";
import type { Gate } from "./gate.js";
import type { Texts } from "./texts.js";

const imports = /\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;
const exportsFrom = /\bexport\s[^;"']*\bfrom\s*["']([^"']+)["']/g;

/**
 * Files that name no library can still use a lock: one that they import from a file that does. Found
 * out from the texts alone, one import deep and through barrels, before anything is parsed.
 */
export interface LockImports {
  /** Whether a file of this text imports from one that names a library. */
  importsLock(file: string, text: string): boolean;
  /** The text of a file changed, or there is a new one; true when importers have to be looked at again. */
  changed(file: string, isNew: boolean): boolean;
}

export function createLockImports(options: ts.CompilerOptions, texts: Texts, gate: Gate): LockImports {
  const host: ts.ModuleResolutionHost = {
    fileExists: (file) => texts.isOpen(file) || ts.sys.fileExists(file),
    readFile: (file) => texts.read(file),
    directoryExists: ts.sys.directoryExists,
  };
  const aliases = Object.keys(options.paths ?? {}).map((pattern) => pattern.split("*")[0] ?? pattern);
  let resolutions = ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options);
  const sources = new Map<string, boolean>();

  function targets(file: string, text: string, pattern: RegExp): string[] {
    return [...text.matchAll(pattern)].flatMap(([, name = ""]) => {
      const own = /^[.#]/.test(name) || aliases.some((alias) => name.startsWith(alias));
      const found = own ? ts.resolveModuleName(name, file, options, host, resolutions) : undefined;
      const target = found?.resolvedModule?.resolvedFileName;
      return target === undefined || target.includes("/node_modules/") ? [] : [target];
    });
  }

  function isSource(file: string): boolean {
    let answer = sources.get(file);
    if (answer === undefined) {
      // Barrels that re-export each other end here.
      sources.set(file, false);
      answer = readsAsSource(file);
      sources.set(file, answer);
    }
    return answer;
  }

  function readsAsSource(file: string): boolean {
    const text = texts.read(file);
    if (text === undefined) return false;
    return gate.namesLibrary(text) || targets(file, text, exportsFrom).some(isSource);
  }

  return {
    importsLock: (file, text) => targets(file, text, imports).some(isSource),
    changed(file, isNew) {
      const before = sources.get(file);
      // A file that is new may be what an import could not find before.
      if (!isNew && (before === undefined || before === readsAsSource(file))) return false;
      sources.clear();
      resolutions = ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options);
      return true;
    },
  };
}
