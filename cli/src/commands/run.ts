import { existsSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { runToEnd } from "../launch/child.js";
import { nodeArguments } from "../launch/node-arguments.js";
import { splitAtProgram } from "../launch/split.js";
import { print, printError } from "../output.js";
import { type Command, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope run [option…] PROGRAM [argument…]

Runs a JavaScript or TypeScript program with its locks watched, in all its threads: tasks that
wait for each other are printed as soon as they do, and so are locks that are taken in opposite
orders, held for long or waited for. Everything after PROGRAM is the program's.

  --held MS          what is long for a lock to be held while others wait (10000; 0 for never)
  --waited MS        what is long for a task to wait for a lock (10000; 0 for never)
  --trace FILE       also records every lock event; "lockscope trace FILE" shows them
  --ring MB          keeps the newest so many megabytes, and writes them to FILE when tasks wait
                     for each other, when the program crashes, and on SIGUSR2
  --rotate MB[:N]    begins a new file after so many megabytes, and keeps the last N (5)

Exit status: the program's own; 2 when it cannot be started.`;

export const command: Command = { help, run };

const options = {
  trace: { type: "string" },
  ring: { type: "string" },
  rotate: { type: "string" },
  held: { type: "string", default: "10000" },
  waited: { type: "string", default: "10000" },
} as const;

async function run(args: string[]): Promise<number> {
  const { own, program, rest } = splitAtProgram(args, options);
  const { values } = parseCommandLine("run", own, options);
  if (values.help) return print(help);
  if (program === undefined) throw new UsageError('run needs a program\nTry "lockscope run --help".');
  if (!isFile(program)) throw new UsageError(`no such program: ${program}`);
  const node = [...nodeArguments(program), resolve(program), ...rest];
  const env = { ...process.env, ...limits(values.held, values.waited) };
  const { trace, ring, rotate } = values;
  if (trace === undefined) {
    if (ring !== undefined || rotate !== undefined)
      throw new UsageError("--ring and --rotate need --trace FILE");
    return runToEnd(node, env);
  }
  const keep = kept(ring, rotate);
  makeWay(trace);
  const status = await runToEnd(node, { ...env, ...keep, LOCKSCOPE_TRACE: `file:${resolve(trace)}` });
  // Nothing has happened that the newest events were to be kept for.
  if (isFile(trace) || ring !== undefined) return status;
  return printError(`${trace} is not written: the program used nothing of @lockscope/sync`, status);
}

function limits(held: string, waited: string): NodeJS.ProcessEnv {
  return {
    ...(!isNever("--held", held) && { LOCKSCOPE_HELD_MS: held }),
    ...(!isNever("--waited", waited) && { LOCKSCOPE_WAIT_MS: waited }),
  };
}

function isNever(option: string, text: string): boolean {
  if (/^\d{1,9}$/.test(text)) return Number(text) === 0;
  throw new UsageError(`${option} takes a number of milliseconds, not "${text}"`);
}

function kept(ring: string | undefined, rotate: string | undefined): NodeJS.ProcessEnv {
  if (ring !== undefined && rotate !== undefined)
    throw new UsageError("--ring and --rotate exclude each other");
  if (ring !== undefined && !/^[1-9]\d{0,3}$/.test(ring)) {
    throw new UsageError(`--ring takes a number of megabytes from 1 to 9999, not "${ring}"`);
  }
  if (rotate !== undefined && !/^[1-9]\d{0,4}(:[1-9]\d{0,3})?$/.test(rotate)) {
    throw new UsageError(`--rotate takes megabytes, or megabytes and files as in 16:5, not "${rotate}"`);
  }
  return {
    ...(ring !== undefined && { LOCKSCOPE_RING: ring }),
    ...(rotate !== undefined && { LOCKSCOPE_ROTATE: rotate }),
  };
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
