import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from "vscode-languageserver/node";
import type { Delivery } from "../diagnostics/delivery.js";
import { fileOfUri } from "../protocol/uri.js";
import type { Session } from "../session.js";
import { applyFileEvents, watchers } from "../workspace/watched-files.js";

/** What changes around the open documents: files on disk, settings, the folders of the workspace. */
export function followWorkspace(session: Session, delivery: Delivery): void {
  const { connection, contain, features, documents, roots, checker, settings } = session;

  function everythingChanged(): void {
    checker.abortOutdated();
    delivery.changed(documents.files());
  }

  connection.onDidChangeWatchedFiles(
    contain.event("workspace/didChangeWatchedFiles", (params) => {
      if (applyFileEvents(params, roots)) everythingChanged();
    }),
  );
  connection.onDidChangeConfiguration(
    contain.event("workspace/didChangeConfiguration", (params) => {
      settings.changed(params.settings);
      everythingChanged();
    }),
  );
  connection.onInitialized(
    contain.event("initialized", async () => {
      if (features.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(
          contain.event("workspace/didChangeWorkspaceFolders", ({ added, removed }) => {
            for (const { uri } of removed) roots.removeFolder(fileOfUri(uri) ?? "");
            for (const { uri } of added) roots.addFolder(fileOfUri(uri) ?? "");
            rehomeOpenDocuments(session);
            everythingChanged();
          }),
        );
      }
      if (features.watchFiles) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      }
      if (features.registerConfiguration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: "lockscope" });
      }
    }),
  );
}

/** Each open text goes to the root that answers for its file now. */
function rehomeOpenDocuments({ documents, roots }: Session): void {
  for (const file of documents.files()) {
    const text = documents.of(file)?.getText();
    if (text === undefined || roots.of(file).textOf(file) === text) continue;
    roots.clearText(file);
    roots.of(file).setText(file, text);
  }
}
