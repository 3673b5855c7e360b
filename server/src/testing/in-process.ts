import { PassThrough } from "node:stream";
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { createProtocolConnection } from "vscode-languageserver-protocol/node";
import { startServer } from "../start.js";
import { FakeWorkspace } from "./fake-workspace.js";
import { LspClient } from "./lsp-client.js";

/** A server and a client in this process, joined by two streams, over fake workspaces. */
export function serveInProcess(): { client: LspClient; workspaces: FakeWorkspace[] } {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const workspaces: FakeWorkspace[] = [];
  startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), {
    openWorkspace: (options) => {
      const workspace = new FakeWorkspace(options);
      workspaces.push(workspace);
      return workspace;
    },
    ruleInfo: (id) =>
      id === "no-bad"
        ? { id, title: "No BAD", severity: "error", markdown: "", url: "https://example.com/no-bad" }
        : undefined,
  });
  const client = new LspClient(
    createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer)),
  );
  return { client, workspaces };
}
