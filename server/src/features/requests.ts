import type { CodeActionParams, CompletionParams, HoverParams } from "vscode-languageserver/node";
import { codeActions } from "../actions/code-actions.js";
import { executeCommand } from "../actions/rule-page.js";
import { toDiagnostic } from "../diagnostics/convert.js";
import { signalOf } from "../protocol/cancellation.js";
import { sourceFileOfUri } from "../protocol/uri.js";
import type { Session } from "../session.js";
import { toCompletion } from "./completion.js";
import { toHover } from "./hover.js";

/** What the editor asks about the place where the cursor is. */
export function answerRequests(session: Session): void {
  const { connection, contain, features, checker, roots } = session;

  /** The file to answer for, or undefined where the server has nothing to say. */
  async function subject({ uri }: { uri: string }): Promise<string | undefined> {
    const { enable } = await session.settings.for(uri);
    return enable ? sourceFileOfUri(uri) : undefined;
  }

  connection.onCodeAction(
    contain.request("textDocument/codeAction", async (params: CodeActionParams, token) => {
      const file = await subject(params.textDocument);
      if (file === undefined || !features.codeActionLiterals) return [];
      const findings = await checker.findings(file, signalOf(token));
      return codeActions(params, file, findings, {
        ...session,
        toDiagnostic: (finding) => toDiagnostic(finding, session),
      });
    }),
  );
  connection.onHover(
    contain.request("textDocument/hover", async ({ textDocument, position }: HoverParams) => {
      const file = await subject(textDocument);
      return file === undefined ? null : toHover(roots.of(file).workspace.hover(file, position));
    }),
  );
  connection.onCompletion(
    contain.request("textDocument/completion", async ({ textDocument, position }: CompletionParams) => {
      const file = await subject(textDocument);
      return file === undefined ? [] : roots.of(file).workspace.completions(file, position).map(toCompletion);
    }),
  );
  connection.onExecuteCommand(
    contain.request("workspace/executeCommand", (params) =>
      executeCommand(params, connection, session.ruleInfo),
    ),
  );
}
