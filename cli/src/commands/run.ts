import { statSync } from "node:fs";
import { resolve } from "node:path";
import { runToEnd } from "../launch/child.js";
import { nodeArguments } from "../launch/node-arguments.js";
import { splitAtProgram } from "../launch/split.js";
import { print } from "../output.js";
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
  if (values.trace === "") throw new UsageError("--trace needs the name of a file");
  const env = { ...process.env };
  if (values.trace !== undefined) env.LOCKSCOPE_TRACE = `file:${resolve(values.trace)}`;
  return runToEnd([...nodeArguments(program), resolve(program), ...rest], env);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
