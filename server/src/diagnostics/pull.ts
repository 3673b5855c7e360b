import { createHash } from "node:crypto";
import {
  type Diagnostic,
  type DiagnosticServerCancellationData,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageserver/node";
import { signalOf } from "../protocol/cancellation.js";
import { sourceFileOfUri } from "../protocol/uri.js";
import type { Session } from "../session.js";
import { toDiagnostic } from "./convert.js";
import type { Delivery } from "./delivery.js";
import { Refresher } from "./refresher.js";

/** Answers `textDocument/diagnostic`, and asks for a new round when an edit reaches other documents. */
export function pullDiagnostics(session: Session): Delivery {
  const { connection, contain, features } = session;
  connection.languages.diagnostics.on(
    contain.request(
      "textDocument/diagnostic",
      async (params: DocumentDiagnosticParams, token) =>
        report(params, await diagnosticsOf(params.textDocument.uri, signalOf(token), session)),
      checkFailed,
    ),
  );
  const refresher = new Refresher(
    contain.event("workspace/diagnostic/refresh", () => connection.languages.diagnostics.refresh()),
  );
  const refresh = () => features.refreshDiagnostics && refresher.schedule();
  return {
    changed: (files, edited) => files.some((file) => file !== edited) && refresh(),
    opened: () => {},
    closed: () => {},
    dispose: () => refresher.dispose(),
  };
}

/**
 * With any other error VS Code's client never asks for that document again; with this one it keeps what it shows
 * and asks again after the next edit.
 */
function checkFailed(message: string): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, message, { retriggerRequest: false });
}

async function diagnosticsOf(uri: string, signal: AbortSignal, session: Session): Promise<Diagnostic[]> {
  const file = sourceFileOfUri(uri);
  if (file === undefined || !(await session.settings.for(uri)).enable) return [];
  const findings = await session.checker.findings(file, signal);
  return findings.map((finding) => toDiagnostic(finding, session));
}

/** `unchanged` where the client already has these very diagnostics. */
function report(params: DocumentDiagnosticParams, items: Diagnostic[]): DocumentDiagnosticReport {
  const resultId = createHash("sha1").update(JSON.stringify(items)).digest("base64url");
  return params.previousResultId === resultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}
