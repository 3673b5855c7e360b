import { serveStdio } from "@lockscope/server";
import { print } from "../output.js";
import { type Command, ExitStatus, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope lsp --stdio

The language server, for editors that start one themselves (Neovim, Helix, Emacs, …):
LSP on stdin and stdout, log on stderr. docs/editors.md has settings to copy.`;

export const command: Command = { help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine("lsp", args, {
    stdio: { type: "boolean" },
    clientProcessId: { type: "string" }, // Editors built on vscode-languageclient add it.
  });
  if (values.help) return print(help);
  if (positionals.length > 0) throw new UsageError(`lsp takes no ${positionals[0]}`);
  if (!values.stdio) throw new UsageError("lsp needs --stdio, the only transport there is");
  serveStdio();
  return ExitStatus.ok;
}
