import { openWorkspace, ruleInfo } from "@lockscope/analyzer";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { surviveStrayErrors } from "./process.js";
import { startServer } from "./start.js";

// The transport is what the client's command line says: --node-ipc in VS Code.
surviveStrayErrors();
startServer(createConnection(ProposedFeatures.all), { openWorkspace, ruleInfo });
