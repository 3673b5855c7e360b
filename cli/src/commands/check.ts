import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, extname, resolve } from "node:path";
import { text } from "node:stream/consumers";
import {
  type CheckResult,
  type InternalError,
  openWorkspace,
  ruleInfos,
  type Workspace,
} from "@lockscope/analyzer";
import { type Fixed, fixAll } from "../check/fix.js";
import { type CheckOptions, readOptions } from "../check/options.js";
import { createProgress } from "../check/progress.js";
import { print, printError, wantsColor } from "../output.js";
import { colorsFor } from "../report/colors.js";
import { githubReport } from "../report/github.js";
import { jsonReport } from "../report/json.js";
import { displayPath } from "../report/locate.js";
import { inOrder } from "../report/order.js";
import { prettyReport } from "../report/pretty.js";
import { sarifReport } from "../report/sarif.js";
import { type Command, ExitStatus, UsageError } from "../usage.js";
import { version } from "../version.js";

const help = `Usage: lockscope check [PATH…] [options]
       lockscope check --stdin-filename FILE < TEXT

Looks for concurrency mistakes in the TypeScript and JavaScript files at the paths
(default: the working directory).

  --format pretty         a code frame per finding (default)
  --format json           one array of findings, for programs
  --format sarif          SARIF 2.1.0, for code scanning services
  --format github         annotations of a GitHub workflow

  --fix                   mend what can be mended without changing what the program means
  --fix-unsafe            mend the rest as well, and look at the difference
  --rule ID=off|warn|error
                          how a rule counts; may be repeated, wins over lockscope.config.json
  --max-warnings N        up to N warnings are no failure
  -p, --project PATH      the tsconfig.json (or its folder) that says what to check
  --cache                 remember results in node_modules/.cache/lockscope
  --cache-location PATH   remember them there
  --stdin-filename FILE   check the text on stdin as if it were FILE

Exit status: 0 no finding, 1 findings, 2 it could not do its work.`;

/** The bundle's name carries the hash of its content: another build judges anew. */
const judge = `${version} ${basename(import.meta.url)}`;

/** Beside this module, built or not. */
const crewEntry = new URL(`./crew${extname(import.meta.url)}`, import.meta.url);

export const command: Command = { help, run };

async function run(args: string[]): Promise<number> {
  const cwd = process.cwd();
  const options = readOptions(args, cwd);
  if (options === undefined) return print(help);
  const { result, ...fixed } = await check(cwd, options);
  print(report(result, fixed, options, cwd));
  for (const error of result.errors) printError(describe(error, cwd));
  if (result.errors.length > 0) return ExitStatus.failed;
  return isTooMuch(result, options) ? ExitStatus.findings : ExitStatus.ok;
}

function isTooMuch({ findings }: CheckResult, { maxWarnings }: CheckOptions): boolean {
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  return findings.length > warnings || warnings > (maxWarnings ?? 0);
}

async function check(cwd: string, options: CheckOptions): Promise<Fixed> {
  const missing = options.paths.filter((path) => path !== "-" && !existsSync(resolve(cwd, path)));
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(", ")}`);
  const workspace = openWorkspace({
    cwd,
    levels: options.levels,
    ...(options.project !== undefined && { tsconfig: options.project }),
    ...(options.cache !== undefined && { cache: { folder: options.cache, version: judge } }),
    // Fixing checks again and again what it changed: one thread that remembers is faster at that.
    ...(options.fix === "none" && { threads: { processors: availableParallelism(), entry: crewEntry } }),
    log: (message) => void printError(message),
  });
  const progress = createProgress(process.stderr);
  try {
    const files = await filesOf(workspace, options, cwd);
    const checked = async () => {
      const result = await workspace.check(files, { onProgress: progress.update });
      return { ...result, findings: inOrder(result.findings) };
    };
    if (options.fix !== "none") return await fixAll(workspace, checked, options.fix);
    return { result: await checked(), count: 0, files: 0 };
  } finally {
    progress.clear();
    workspace.dispose();
  }
}

async function filesOf(workspace: Workspace, options: CheckOptions, cwd: string): Promise<readonly string[]> {
  const { stdinFile, paths, project } = options;
  if (stdinFile !== undefined) {
    workspace.setText(stdinFile, await text(process.stdin));
    return [stdinFile];
  }
  const own = project !== undefined && paths.length === 0;
  const asked = paths.length > 0 ? paths : ["."];
  const files = own
    ? projectFiles(workspace, project)
    : workspace.listFiles(asked.map((path) => resolve(cwd, path)));
  if (files.length > 0) return files;
  throw new UsageError(
    `no TypeScript or JavaScript file in ${own ? displayPath(cwd, project) : asked.join(", ")}`,
  );
}

function projectFiles(workspace: Workspace, project: string): readonly string[] {
  try {
    return workspace.projectFiles(project);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function report(
  result: CheckResult,
  fixed: Pick<Fixed, "count" | "files">,
  options: CheckOptions,
  cwd: string,
): string {
  switch (options.format) {
    case "json":
      return jsonReport(result.findings, cwd);
    case "sarif":
      return sarifReport(result, { cwd, version, rules: ruleInfos(), failed: result.errors.length > 0 });
    case "github":
      return githubReport(result.findings, cwd);
    case "pretty":
      return prettyReport(result, {
        cwd,
        fixed,
        colors: colorsFor(wantsColor(process.stdout)),
        linesOf: lineReader(),
      });
  }
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
