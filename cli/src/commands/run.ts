import { existsSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { runToEnd } from "../launch/child.js";
import { nodeArguments } from "../launch/node-arguments.js";
import { splitAtProgram } from "../launch/split.js";
import { print, printError } from "../output.js";
import { type Command, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope run [--trace FILE] PROGRAM [argument…]

Runs a JavaScript or TypeScript program with its locks watched: when it ends because its
tasks wait for each other, the cycle is printed. Everything after PROGRAM is the program's.

  --trace FILE   also records every lock event; "lockscope trace FILE" shows them

Exit status: the program's own; 2 when it cannot be started.`;

export const command: Command = { help, run };

const options = { trace: { type: "string" } } as const;

async function run(args: string[]): Promise<number> {
  const { own, program, rest } = splitAtProgram(args, options);
  const { values } = parseCommandLine("run", own, options);
  if (values.help) return print(help);
  if (program === undefined) throw new UsageError('run needs a program\nTry "lockscope run --help".');
  if (!isFile(program)) throw new UsageError(`no such program: ${program}`);
  const node = [...nodeArguments(program), resolve(program), ...rest];
  if (values.trace === undefined) return runToEnd(node, process.env);
  makeWay(values.trace);
  const status = await runToEnd(node, { ...process.env, LOCKSCOPE_TRACE: `file:${resolve(values.trace)}` });
  if (isFile(values.trace)) return status;
  return printError(`${values.trace} is not written: the program used nothing of @lockscope/sync`, status);
}

/** Says before the program runs what would keep its trace from being written; an older one must not pass for it. */
function makeWay(trace: string): void {
  if (trace === "") throw new UsageError("--trace needs the name of a file");
  const there = statSync(trace, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new UsageError(`cannot write a trace to ${trace}: it is a folder`);
  if (there?.isFile()) rmSync(trace);
  if (!existsSync(dirname(resolve(trace))))
    throw new UsageError(`cannot write a trace to ${trace}: no such folder`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
