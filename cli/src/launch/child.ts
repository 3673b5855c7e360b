import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { UsageError } from "../usage.js";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/**
 * Runs Node with these arguments on our own stdin, stdout and stderr. Returns its exit code; where a signal ended
 * it, ends ourselves by the same one, so that a shell sees what it would see without us.
 */
export async function runToEnd(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { env, stdio: "inherit" });
  const forward = (signal: NodeJS.Signals) => {
    // A ^C on the terminal reaches the whole process group: sending it on would interrupt the program twice.
    if (!(onTerminal() && (signal === "SIGINT" || signal === "SIGQUIT"))) child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  let end: End;
  try {
    end = await ended(child);
  } finally {
    for (const signal of forwarded) process.off(signal, forward);
  }
  if (end.signal === null) return end.code ?? 0;
  process.kill(process.pid, end.signal);
  return 128 + constants.signals[end.signal];
}

function onTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new UsageError(`cannot start the program: ${error.message}`)));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
}
