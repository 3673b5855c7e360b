import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LspClient } from "@lockscope/server/testing";
import { onTestFinished } from "vitest";
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import type { InstalledCli, StartOptions } from "../support/installed-cli.js";

/** One `lockscope lsp --stdio` and the client that talks to it. */
export class LspSession {
  readonly client: LspClient;
  /** What the server wrote to stderr, which belongs into an editor's log. */
  stderr = "";
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  private constructor(readonly child: ChildProcess) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve) => {
      child.on("exit", (code, signal) => resolve({ code, signal }));
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout!),
      new StreamMessageWriter(child.stdin!),
    );
    connection.onError(() => {}); // A server that was made to die writes no more; the test looks at how it ended.
    this.client = new LspClient(connection);
  }

  /** Lives as long as the test that starts it. */
  static start(cli: InstalledCli, options: StartOptions = {}): LspSession {
    const session = new LspSession(cli.start(["lsp", "--stdio"], options));
    onTestFinished(async () => {
      session.child.kill("SIGKILL");
      await session.exited;
    });
    return session;
  }

  /** A session that is past `initialize`, with these folders of the installation as its workspace. */
  static async open(cli: InstalledCli, capabilities: ClientCapabilities, ...folders: string[]) {
    const session = LspSession.start(cli);
    const uris = folders.map((folder) => uriIn(cli, folder));
    const result: InitializeResult = await session.client.initialize(capabilities, uris);
    return { session, client: session.client, result };
  }
}

export function uriIn(cli: InstalledCli, name: string): string {
  return pathToFileURL(join(cli.folder, name)).href;
}

/** `missing-unlock 6`: rule and 1-based line, in order of place. */
export function summary(diagnostics: readonly Diagnostic[]): string[] {
  return [...diagnostics]
    .sort((a, b) => a.range.start.line - b.range.start.line)
    .map(({ code, range }) => `${code} ${range.start.line + 1}`);
}

/** What the editor shows for a document that findings are pushed for; undefined until something was published. */
export function shown(client: LspClient, uri: string): string[] | undefined {
  const last = client.publishedFor(uri).at(-1);
  return last && summary(last.diagnostics);
}
