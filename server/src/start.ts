import type { Connection } from "vscode-languageserver/node";
import { initializeResult } from "./capabilities.js";
import { pullDiagnostics } from "./diagnostics/pull.js";
import { pushDiagnostics } from "./diagnostics/push.js";
import { answerRequests } from "./features/requests.js";
import { syncDocuments } from "./features/sync.js";
import { followWorkspace } from "./features/workspace-changes.js";
import { type AnalyzerPort, openSession } from "./session.js";

/** Serves one client on the connection until it says `exit`. */
export function startServer(connection: Connection, analyzer: AnalyzerPort): void {
  connection.onInitialize((params) => {
    const session = openSession(connection, params, analyzer);
    const delivery = session.features.pullDiagnostics ? pullDiagnostics(session) : pushDiagnostics(session);
    syncDocuments(session, delivery);
    followWorkspace(session, delivery);
    answerRequests(session);
    connection.onShutdown(() => {
      delivery.dispose();
      session.roots.dispose();
    });
    return initializeResult(session.features);
  });
  connection.listen();
}
