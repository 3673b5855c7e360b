import * as vscode from "vscode";
import { LanguageClient, State, TransportKind } from "vscode-languageclient/node";
import { LANGUAGES, SECTION } from "../names.js";
import { ServerStatus } from "./server-status.js";

const documents = LANGUAGES.map((language) => ({ scheme: "file", language }));

/** Runs the language server, from the first document on that it can say something about. */
export class LanguageService implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #status = new ServerStatus(documents);
  readonly #subscriptions: vscode.Disposable[] = [this.#status];
  #starting: Promise<void> | undefined;

  constructor(
    context: vscode.ExtensionContext,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.#client = new LanguageClient(
      SECTION,
      "Lockscope",
      { module: context.asAbsolutePath("dist/server/server.cjs"), transport: TransportKind.ipc },
      {
        documentSelector: documents,
        outputChannel: output,
        diagnosticCollectionName: SECTION,
        diagnosticPullOptions: { onChange: true, onTabs: true },
      },
    );
    this.#subscriptions.push(
      this.#client.onDidChangeState(({ newState }) => this.#status.show(newState)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#startFor(document)),
    );
    for (const document of vscode.workspace.textDocuments) this.#startFor(document);
  }

  /** Starts the server anew, also one that has crashed or never started. */
  async restart(): Promise<void> {
    await this.#starting;
    if (this.#client.state === State.Running) await this.#client.restart();
    else await this.#start();
  }

  async dispose(): Promise<void> {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    await this.#starting;
    if (this.#client.state === State.Running) await this.#client.dispose();
  }

  #startFor(document: vscode.TextDocument): void {
    if (this.#starting === undefined && vscode.languages.match(documents, document) > 0) void this.#start();
  }

  /** A server that does not start is shown in the status and the log, and can be started again: never thrown. */
  #start(): Promise<void> {
    this.#starting = this.#client.start().catch((error: Error) => {
      this.output.error(`The language server did not start: ${error.message}`);
      this.#status.show(State.StartFailed);
    });
    return this.#starting;
  }
}
