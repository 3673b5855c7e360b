import { ExitStatus } from "./usage.js";

/** Writes a text to stdout; the status is for `return print(…)`. */
export function print(text: string): number {
  if (text !== "") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
  return ExitStatus.ok;
}

export function printError(message: string, status: number = ExitStatus.failed): number {
  process.stderr.write(`lockscope: ${message}\n`);
  return status;
}

/** `lockscope check | head` closes the pipe early: the reader has seen enough, which is no error of ours. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Colours on a terminal only; https://no-color.org and `FORCE_COLOR` decide where they are set. */
export function wantsColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}
