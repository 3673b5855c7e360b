import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type CheckResult, type InternalError, openWorkspace } from "@lockscope/analyzer";
import { print, printError, wantsColor } from "../output.js";
import { colorsFor } from "../report/colors.js";
import { jsonReport } from "../report/json.js";
import { displayPath } from "../report/locate.js";
import { inOrder } from "../report/order.js";
import { prettyReport } from "../report/pretty.js";
import { type Command, ExitStatus, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope check [PATH…] [--format pretty|json]

Looks for concurrency mistakes in the TypeScript and JavaScript files at the paths
(default: the working directory).

  --format pretty   a code frame per finding (default)
  --format json     one array of findings, for programs

Exit status: 0 no finding, 1 findings, 2 it could not do its work.`;

export const command: Command = { help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine("check", args, {
    format: { type: "string", default: "pretty" },
  });
  if (values.help) return print(help);
  if (values.format !== "pretty" && values.format !== "json") {
    throw new UsageError(`unknown format ${values.format}: use pretty or json`);
  }
  const cwd = process.cwd();
  const result = await check(cwd, positionals.length > 0 ? positionals : ["."]);
  print(values.format === "json" ? jsonReport(result.findings, cwd) : pretty(result, cwd));
  for (const error of result.errors) printError(describe(error, cwd));
  if (result.errors.length > 0) return ExitStatus.failed;
  return result.findings.length > 0 ? ExitStatus.findings : ExitStatus.ok;
}

async function check(cwd: string, paths: string[]): Promise<CheckResult> {
  const missing = paths.filter((path) => !existsSync(resolve(cwd, path)));
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(", ")}`);
  const workspace = openWorkspace({ cwd, log: (message) => void printError(message) });
  try {
    const files = workspace.listFiles(paths.map((path) => resolve(cwd, path)));
    if (files.length === 0) throw new UsageError(`no TypeScript or JavaScript file in ${paths.join(", ")}`);
    const result = await workspace.check(files);
    return { ...result, findings: inOrder(result.findings) };
  } finally {
    workspace.dispose();
  }
}

function pretty(result: CheckResult, cwd: string): string {
  return prettyReport(result, {
    cwd,
    colors: colorsFor(wantsColor(process.stdout)),
    linesOf: lineReader(),
  });
}

function lineReader(): (file: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, readLines(file));
    return known.get(file);
  };
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, "utf8").split(/\r\n|\n|\r/);
  } catch {
    return undefined; // Gone since it was checked: the finding is reported without its source.
  }
}

function describe({ file, rule, message, stack }: InternalError, cwd: string): string {
  const at = file && displayPath(cwd, file);
  if (stack === undefined && rule === undefined && at) return `${at}: ${message}`; // The configuration's fault.
  const where = [rule && `rule ${rule}`, at].filter(Boolean).join(" on ");
  return `internal error${where && ` (${where})`}: ${stack ?? message}`;
}
