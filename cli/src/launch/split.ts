import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line of `run`: what comes before the program is ours, what comes after is its own. */
export interface Split {
  readonly own: string[];
  readonly program: string | undefined;
  readonly rest: string[];
}

/** @param options those that take a value must be named, or their value would pass for the program. */
export function splitAtProgram(args: string[], options: NonNullable<ParseArgsConfig["options"]>): Split {
  const { tokens } = parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true });
  const first = tokens.find(({ kind }) => kind === "positional" || kind === "option-terminator");
  if (first === undefined) return { own: args, program: undefined, rest: [] };
  const at = first.kind === "option-terminator" ? first.index + 1 : first.index;
  return { own: args.slice(0, first.index), program: args[at], rest: args.slice(at + 1) };
}
