import { type ParseArgsConfig, parseArgs } from "node:util";

export const ExitStatus = {
  ok: 0,
  /** `check`: there are findings. */
  findings: 1,
  /** The command could not do its work. */
  failed: 2,
} as const;

/** The user asked for something that cannot be done as asked: told in a sentence, without a stack. */
export class UsageError extends Error {}

export interface Command {
  readonly help: string;
  /** Returns the exit status. */
  run(args: string[]): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig["options"]>;

const helpOption = { help: { type: "boolean", short: "h" } } as const;

/** `node:util`'s parser with `--help` for everyone; what does not parse is a usage error that names the command. */
export function parseCommandLine<const T extends Options>(command: string, args: string[], options: T) {
  try {
    return parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence] = error.message.split(". ");
    throw new UsageError(`${sentence?.replace(/\.$/, "")}\nTry "lockscope ${command} --help".`);
  }
}
