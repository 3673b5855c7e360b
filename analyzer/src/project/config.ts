import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
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

/** The configurations of a workspace, each read once. */
export interface Configs {
  /** Of the nearest tsconfig.json (or jsconfig.json) upwards; one that is broken still gives a project, with errors. */
  of(file: string): ProjectConfig;
  read(path: string): ProjectConfig;
}

interface Loaded {
  readonly config: ProjectConfig;
  readonly names: ReadonlySet<string>;
  /** Configurations that a solution file refers to. */
  readonly references: readonly string[];
}

export function createConfigs(given?: string): Configs {
  const inferredProject: ProjectConfig = {
    path: undefined,
    options: { ...inferred, ...imposed },
    files: undefined,
    errors: [],
  };
  const nearest = new Map<string, string | undefined>();
  const loaded = new Map<string, Loaded>();

  function nearestTo(folder: string): string | undefined {
    if (nearest.has(folder)) return nearest.get(folder);
    const own = ["tsconfig.json", "jsconfig.json"]
      .map((name) => join(folder, name))
      .find((path) => existsSync(path));
    const above = dirname(folder);
    const found = own ?? (above === folder ? undefined : nearestTo(above));
    nearest.set(folder, found);
    return found;
  }

  function load(path: string): Loaded {
    let known = loaded.get(path);
    if (known === undefined) {
      known = readOnce(path);
      loaded.set(path, known);
    }
    return known;
  }

  function readOnce(path: string): Loaded {
    const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
    if (error !== undefined) {
      const errors = [problem(path, error)];
      return { config: { ...inferredProject, path, errors }, names: new Set(), references: [] };
    }
    const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
    // An empty `files` or an `include` that matches nothing is no fault of the file at hand.
    const noInputs = 18002;
    const noInputsFound = 18003;
    const errors = parsed.errors.filter((each) => each.code !== noInputs && each.code !== noInputsFound);
    return {
      config: {
        path,
        options: { ...parsed.options, ...imposed },
        files: parsed.fileNames,
        errors: errors.map((each) => problem(path, each)),
      },
      names: new Set(parsed.fileNames.map((name) => resolve(name))),
      references: (parsed.projectReferences ?? []).map((each) => ts.resolveProjectReferencePath(each)),
    };
  }

  /** A solution file (`"files": [], "references": […]`) leaves its files to the projects it refers to. */
  function owner(path: string, file: string, passed: ReadonlySet<string>): Loaded {
    const own = load(path);
    if (own.names.has(file) || passed.has(path)) return own;
    const reference = own.references.find((each) => existsSync(each) && load(each).names.has(file));
    return reference === undefined ? own : owner(reference, file, new Set(passed).add(path));
  }

  return {
    of(file) {
      const path = given ?? nearestTo(dirname(file));
      return path === undefined ? inferredProject : owner(path, file, new Set()).config;
    },
    read: (path) => load(path).config,
  };
}

function problem(path: string, diagnostic: ts.Diagnostic): InternalError {
  return { file: path, message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n") };
}
