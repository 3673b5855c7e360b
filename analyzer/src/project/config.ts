import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ts } from "ts-morph";
import type { InternalError } from "../api.js";

export interface ProjectConfig {
  /** The tsconfig.json; undefined for files that have none. */
  readonly path: string | undefined;
  readonly options: ts.CompilerOptions;
  /** What the configuration includes; undefined: whatever lies below the workspace's root. */
  readonly files: readonly string[] | undefined;
  readonly errors: readonly InternalError[];
}

/** For files outside every project: what most code is written for. */
const inferred: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.esnext.full.d.ts"],
  jsx: ts.JsxEmit.Preserve,
  strict: true,
};

/** What the analysis needs whatever the project says; it never emits, and type errors are others' business. */
const imposed: ts.CompilerOptions = {
  noEmit: true,
  allowJs: true,
  checkJs: false,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  composite: false,
  incremental: false,
  declaration: false,
};

/** The nearest tsconfig.json (or jsconfig.json) upwards from a file. */
export function findConfig(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    for (const name of ["tsconfig.json", "jsconfig.json"]) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

export function inferredConfig(): ProjectConfig {
  return { path: undefined, options: { ...inferred, ...imposed }, files: undefined, errors: [] };
}

/** Reads a configuration; one that is broken still gives a project, with an error that says what is wrong. */
export function readConfig(path: string, file: string): ProjectConfig {
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  if (error !== undefined) {
    return { ...inferredConfig(), path, errors: [problem(path, error)] };
  }
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
  const referenced = referencedConfig(parsed, file);
  if (referenced !== undefined && referenced !== path) return readConfig(referenced, file);
  // An empty `files` or an `include` that matches nothing is no fault of the file at hand.
  const noInputs = 18002;
  const noInputsFound = 18003;
  const errors = parsed.errors.filter((each) => each.code !== noInputs && each.code !== noInputsFound);
  return {
    path,
    options: { ...parsed.options, ...imposed },
    files: parsed.fileNames,
    errors: errors.map((each) => problem(path, each)),
  };
}

/** A solution file (`"files": [], "references": […]`) leaves its files to the projects it refers to. */
function referencedConfig(parsed: ts.ParsedCommandLine, file: string): string | undefined {
  if (parsed.fileNames.some((name) => resolve(name) === file)) return undefined;
  for (const reference of parsed.projectReferences ?? []) {
    const path = ts.resolveProjectReferencePath(reference);
    const { config } = ts.readConfigFile(path, ts.sys.readFile);
    if (config === undefined) continue;
    const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
    if (fileNames.some((name) => resolve(name) === file)) return path;
  }
  return undefined;
}

function problem(path: string, diagnostic: ts.Diagnostic): InternalError {
  return { file: path, message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n") };
}
