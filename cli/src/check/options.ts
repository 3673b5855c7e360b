import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isRuleLevel, type RuleLevel, ruleInfo, ruleInfos, ruleLevels } from "@lockscope/analyzer";
import { nearest } from "../report/nearest.js";
import { parseCommandLine, UsageError } from "../usage.js";

export const formats = ["pretty", "json", "sarif", "github"] as const;
export type Format = (typeof formats)[number];

/** `lockscope check`'s command line, understood. */
export interface CheckOptions {
  readonly format: Format;
  readonly paths: readonly string[];
  /** `safe`: fixes that keep the program's meaning; `unsafe`: the others too. */
  readonly fix: "none" | "safe" | "unsafe";
  readonly levels: Readonly<Record<string, RuleLevel>>;
  /** Undefined: any finding is too many. */
  readonly maxWarnings: number | undefined;
  /** Absolute path of the tsconfig.json. */
  readonly project: string | undefined;
  /** The folder of the cache; undefined: none. */
  readonly cache: string | undefined;
  /** What the text on stdin is called. */
  readonly stdinFile: string | undefined;
}

/** Undefined: help was asked for. Throws UsageError. */
export function readOptions(args: string[], cwd: string): CheckOptions | undefined {
  const { values, positionals } = parseCommandLine("check", args, {
    format: { type: "string", default: "pretty" },
    fix: { type: "boolean", default: false },
    "fix-unsafe": { type: "boolean", default: false },
    rule: { type: "string", multiple: true, default: [] },
    "max-warnings": { type: "string" },
    project: { type: "string", short: "p" },
    cache: { type: "boolean", default: false },
    "cache-location": { type: "string" },
    "stdin-filename": { type: "string" },
  });
  if (values.help) return undefined;
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    throw new UsageError(`unknown format ${values.format}: use ${listed(formats)}`);
  }
  const stdinFile = stdinName(positionals, values["stdin-filename"], cwd);
  const fix = values["fix-unsafe"] ? "unsafe" : values.fix ? "safe" : "none";
  if (stdinFile !== undefined && fix !== "none")
    throw new UsageError("what comes from stdin cannot be fixed in place");
  const cache = values.cache || values["cache-location"] !== undefined;
  return {
    format,
    paths: positionals,
    fix,
    levels: Object.fromEntries(values.rule.map(ruleLevel)),
    maxWarnings: warnings(values["max-warnings"]),
    project: values.project === undefined ? undefined : projectFile(resolve(cwd, values.project)),
    cache: cache
      ? resolve(cwd, values["cache-location"] ?? join("node_modules", ".cache", "lockscope"))
      : undefined,
    stdinFile,
  };
}

function stdinName(paths: readonly string[], name: string | undefined, cwd: string): string | undefined {
  const fromStdin = name !== undefined || paths.includes("-");
  if (!fromStdin) return undefined;
  if (paths.some((path) => path !== "-")) throw new UsageError("check either stdin or paths, not both");
  if (name === undefined) throw new UsageError('"-" needs --stdin-filename, which says what file it is');
  return resolve(cwd, name);
}

function ruleLevel(text: string): [string, RuleLevel] {
  const [rule = "", level] = text.split("=");
  if (ruleInfo(rule) === undefined) {
    const ids = ruleInfos().map(({ id }) => id);
    const meant = nearest(rule, ids);
    throw new UsageError(`no rule ${rule}${meant ? `; did you mean ${meant}?` : ""}`);
  }
  if (!isRuleLevel(level)) throw new UsageError(`--rule ${text}: write ${rule}=${ruleLevels.join("|")}`);
  return [rule, level];
}

function warnings(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--max-warnings ${text}: a whole number is expected`);
  return Number(text);
}

/** A folder stands for the tsconfig.json in it, as for tsc. */
function projectFile(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "tsconfig.json") : path;
  if (!existsSync(file)) throw new UsageError(`no such project: ${file}`);
  return file;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
