import { openWorkspace, ruleInfo } from "@lockscope/analyzer";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { surviveStrayErrors } from "./process.js";
import { startServer } from "./start.js";

/** Serves the client at the other end of stdin and stdout; nothing else may be written there from now on. */
export function serveStdio(): void {
  surviveStrayErrors();
  startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout), {
    openWorkspace,
    ruleInfo,
  });
}
