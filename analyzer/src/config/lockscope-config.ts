import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { InternalError } from "../api.js";
import type { LibraryModel } from "../model/index.js";
import { ruleIds } from "../rules/ids.js";
import { isRuleLevel, type RuleLevels, ruleLevels } from "./levels.js";
import { parseModels } from "./models.js";

export const configName = "lockscope.config.json";

/** A `lockscope.config.json` as it was read: what is wrong in it is left out and told. */
export interface LockscopeConfig {
  readonly path: string;
  readonly levels: RuleLevels;
  /** Globs, relative to the configuration's folder. */
  readonly exclude: readonly string[];
  /** Models of one's own. */
  readonly models: readonly LibraryModel[];
  readonly errors: readonly InternalError[];
}

const keys = ["$schema", "rules", "exclude", "models"];

/** The nearest configuration, from a folder upwards. */
export function findLockscopeConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, configName);
    if (existsSync(path)) return path;
    if (at === dirname(at)) return undefined;
  }
}

/** Comments and trailing commas are welcome, as in tsconfig.json. Never throws: errors are in the result. */
export function readLockscopeConfig(path: string): LockscopeConfig {
  const text = textOf(path);
  if (text instanceof Error) return { ...nothing(path), errors: [{ file: path, message: text.message }] };
  return parseLockscopeConfig(path, text);
}

export function parseLockscopeConfig(path: string, text: string): LockscopeConfig {
  const errors: InternalError[] = [];
  const wrong = (message: string) => errors.push({ file: path, message });
  const { config, error } = ts.parseConfigFileTextToJson(path, text);
  if (error !== undefined) {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.JSON);
    const { line, character } = file.getLineAndCharacterOfPosition(error.start ?? 0);
    const what = ts.flattenDiagnosticMessageText(error.messageText, "\n");
    wrong(`line ${line + 1}, column ${character + 1}: ${what}`);
    return { ...nothing(path), errors };
  }
  if (!isRecord(config)) {
    wrong("an object is expected");
    return { ...nothing(path), errors };
  }
  for (const key of Object.keys(config)) {
    if (!keys.includes(key)) wrong(`unknown key "${key}": known are ${keys.slice(1).join(", ")}`);
  }
  return {
    path,
    levels: levelsOf(config.rules, wrong),
    exclude: excludeOf(config.exclude, wrong),
    models: parseModels(config.models, dirname(path), wrong),
    errors,
  };
}

function levelsOf(value: unknown, wrong: (message: string) => void): RuleLevels {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    wrong(`"rules" has to be an object from rule to ${ruleLevels.join(", ")}`);
    return {};
  }
  const known = Object.entries(value).flatMap(([rule, level]) => {
    if (!ruleIds().includes(rule)) wrong(`"rules": there is no rule "${rule}"`);
    else if (!isRuleLevel(level)) wrong(`"rules": "${rule}" has to be one of ${ruleLevels.join(", ")}`);
    else return [[rule, level] as const];
    return [];
  });
  return Object.fromEntries(known);
}

function excludeOf(value: unknown, wrong: (message: string) => void): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((each): each is string => typeof each === "string")) return value;
  wrong('"exclude" has to be a list of globs');
  return [];
}

function nothing(path: string): LockscopeConfig {
  return { path, levels: {}, exclude: [], models: [], errors: [] };
}

function textOf(path: string): string | Error {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
