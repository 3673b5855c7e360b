import { posix } from "node:path";
import {
  type DidChangeWatchedFilesParams,
  FileChangeType,
  type FileEvent,
  type FileSystemWatcher,
} from "vscode-languageserver/node";
import { fileOfUri } from "../protocol/uri.js";
import type { Roots } from "./roots.js";

/** What package managers write last: after them, imports may resolve that did not before. */
const installed = [
  "package-lock.json",
  ".package-lock.json",
  "yarn.lock",
  ".yarn-state.yml",
  "pnpm-lock.yaml",
  ".modules.yaml",
  "bun.lock",
];

/** The files whose changes on disk can change findings. */
export const watchers: FileSystemWatcher[] = [
  "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}",
  "**/{tsconfig,jsconfig}*.json",
  "**/{package,lockscope.config}.json",
  `**/{${installed.join(",")}}`,
].map((globPattern) => ({ globPattern }));

/** Tells every root what changed on disk; returns whether anything did that a root looks at. */
export function applyFileEvents({ changes }: DidChangeWatchedFilesParams, roots: Roots): boolean {
  const events = changes.flatMap(({ uri, type }) => {
    const file = fileOfUri(uri);
    return file === undefined ? [] : [{ file, type }];
  });
  if (events.some(({ file }) => installed.includes(posix.basename(file)))) {
    for (const root of roots.all()) root.reload();
    return true;
  }
  let any = false;
  for (const root of roots.all()) {
    const files = events
      .filter((event) => concerns(event, root.textOf(event.file) !== undefined))
      .map(({ file }) => file);
    root.filesChanged(files);
    any ||= files.length > 0;
  }
  return any;
}

/** The editor's text of an open file wins, so saving it tells nothing new. Dependencies change by installation. */
function concerns({ file, type }: { file: string; type: FileEvent["type"] }, open: boolean): boolean {
  if (file.includes("/node_modules/")) return false;
  return !(open && type === FileChangeType.Changed);
}
