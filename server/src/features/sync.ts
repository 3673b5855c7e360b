import type { Delivery } from "../diagnostics/delivery.js";
import { sourceFileOfUri } from "../protocol/uri.js";
import type { Session } from "../session.js";

/** The editor's texts into the analyzer, and word of it to whoever delivers findings. */
export function syncDocuments(session: Session, delivery: Delivery): void {
  const { connection, contain, documents, roots, checker, settings } = session;
  const { texts } = documents;

  /** Hands a change of a file's text over; returns the open files whose findings it may change. */
  function take(file: string, change: () => void): string[] {
    const root = roots.of(file);
    change();
    checker.abortOutdated();
    return root.affectedBy(file).filter((other) => documents.has(other));
  }

  texts.onDidOpen(
    contain.event("textDocument/didOpen", ({ document }) => {
      const file = documents.opened(document.uri);
      if (file === undefined) return;
      const affected = take(file, () => roots.of(file).setText(file, document.getText()));
      delivery.changed(affected, file);
      delivery.opened(file);
    }),
  );
  texts.onDidChangeContent(
    contain.event("textDocument/didChange", ({ document }) => {
      const file = sourceFileOfUri(document.uri);
      const text = document.getText();
      // Opening fires this too, and an edit may come out as the same text.
      if (file === undefined || roots.of(file).textOf(file) === text) return;
      const affected = take(file, () => roots.of(file).setText(file, text));
      delivery.changed([file, ...affected], file);
    }),
  );
  texts.onDidClose(
    contain.event("textDocument/didClose", ({ document }) => {
      settings.forget(document.uri);
      const file = documents.closed(document.uri);
      if (file === undefined) return;
      const affected = take(file, () => roots.clearText(file));
      checker.forget(file);
      delivery.changed(affected, file);
      delivery.closed(file, document.uri);
    }),
  );
  texts.listen(connection);
}
