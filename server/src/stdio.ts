import { Console } from "node:console";
import { openWorkspace, ruleInfo } from "@lockscope/analyzer";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { surviveStrayErrors } from "./process.js";
import { startServer } from "./start.js";

/** Serves the client at the other end of stdin and stdout; nothing else may be written there from now on. */
export function serveStdio(): void {
  surviveStrayErrors();
  // One line that a dependency logs between two messages would end the session: the framing is lost.
  globalThis.console = new Console(process.stderr);
  startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout), {
    openWorkspace,
    ruleInfo,
  });
}
