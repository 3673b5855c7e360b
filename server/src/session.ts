import type { RuleInfo } from "@lockscope/analyzer";
import type { Connection, InitializeParams } from "vscode-languageserver/node";
import type { ConvertContext } from "./diagnostics/convert.js";
import { type ClientFeatures, clientFeatures } from "./protocol/client-features.js";
import { Containment } from "./protocol/contain.js";
import { Log } from "./protocol/log.js";
import { fileOfUri } from "./protocol/uri.js";
import { Checker } from "./workspace/checker.js";
import { OpenDocuments } from "./workspace/documents.js";
import type { OpenWorkspace } from "./workspace/root.js";
import { Roots } from "./workspace/roots.js";
import { SettingsStore } from "./workspace/settings.js";

/** What the server needs of the analyzer; tests hand in their own. */
export interface AnalyzerPort {
  readonly openWorkspace: OpenWorkspace;
  readonly ruleInfo: (id: string) => RuleInfo | undefined;
}

/** Everything that one client's session holds, between `initialize` and `shutdown`. */
export interface Session extends ConvertContext {
  readonly connection: Connection;
  readonly features: ClientFeatures;
  readonly contain: Containment;
  readonly log: Log;
  readonly documents: OpenDocuments;
  readonly roots: Roots;
  readonly checker: Checker;
  readonly settings: SettingsStore;
}

export function openSession(
  connection: Connection,
  params: InitializeParams,
  { openWorkspace, ruleInfo }: AnalyzerPort,
): Session {
  const log = new Log(connection.console);
  const features = clientFeatures(params.capabilities);
  const roots = new Roots(openWorkspace, (message) => log.warn(message));
  for (const folder of foldersOf(params)) roots.addFolder(folder);
  const documents = new OpenDocuments();
  return {
    connection,
    features,
    contain: new Containment(log),
    log,
    documents,
    roots,
    checker: new Checker(roots, log),
    settings: new SettingsStore(connection.workspace, features, log, params.initializationOptions),
    ruleInfo,
    uriOf: (file) => documents.uriOf(file),
  };
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return uris.map(fileOfUri).filter((folder) => folder !== undefined);
}
