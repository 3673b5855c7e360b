import type { Session } from "../session.js";
import { toDiagnostic } from "./convert.js";
import type { Delivery } from "./delivery.js";
import { Publisher } from "./publisher.js";

/** Publishes the findings of open documents, for clients that cannot pull (Neovim before 0.10, Emacs' eglot). */
export function pushDiagnostics(session: Session): Delivery {
  const { connection, documents, log } = session;
  const publisher = new Publisher(
    (file, signal) => publish(file, signal, session),
    (file, error) => log.failure(`checking ${file}`, error),
  );
  return {
    changed: (files) => publisher.schedule(files),
    opened: (file) => publisher.schedule([file], 0),
    closed: (file, uri) => {
      publisher.forget(file);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    dispose: () => publisher.dispose(),
  };

  async function publish(file: string, signal: AbortSignal, { settings, checker }: Session): Promise<void> {
    const { enable } = await settings.for(documents.uriOf(file));
    const findings = enable ? await checker.findings(file, signal) : [];
    const document = documents.of(file);
    if (document === undefined || signal.aborted) return;
    const diagnostics = findings.map((finding) => toDiagnostic(finding, session));
    await connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
  }
}
