import { nearest } from "../report/nearest.js";
import { type Command, UsageError } from "../usage.js";
import { version } from "../version.js";

export { version };

/** Loaded one by one: `run` must start a program quickly and never loads the analyzer. */
const commands: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  check: { summary: "look for concurrency mistakes", load: () => import("./check.js") },
  run: { summary: "run a program with its locks watched", load: () => import("./run.js") },
  trace: { summary: "print a recorded trace", load: () => import("./trace.js") },
  explain: { summary: "print the page of a rule", load: () => import("./explain.js") },
  lsp: { summary: "serve an editor", load: () => import("./lsp.js") },
};

export async function commandNamed(name: string): Promise<Command> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) throw new UsageError(`${unknown(name)}\nTry "lockscope --help".`);
  return (await entry.load()).command;
}

function unknown(name: string): string {
  if (name.startsWith("-")) return `unknown option ${name}`;
  const meant = nearest(name, Object.keys(commands));
  return `unknown command ${name}${meant ? `; did you mean ${meant}?` : ""}`;
}

export function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `Lockscope ${version}: concurrency analysis for TypeScript.

Usage: lockscope COMMAND [options]

${lines.join("\n")}

"lockscope COMMAND --help" tells more. "lockscope --version" prints the version.`;
}
