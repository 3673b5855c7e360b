import { URI } from "vscode-uri";

/** What the analyzer reads; a document of any other name is none of the server's business. */
const sourceName = /\.[cm]?[jt]sx?$/i;

/**
 * The absolute path behind a `file:` URI, with forward slashes (as the compiler writes paths), or undefined for
 * every other scheme: `untitled:`, `git:` and virtual file systems have no path to analyze.
 */
export function fileOfUri(uri: string): string | undefined {
  try {
    const parsed = URI.parse(uri);
    return parsed.scheme === "file" ? forwardSlashes(parsed.fsPath) : undefined;
  } catch {
    return undefined; // A malformed URI names no file.
  }
}

/** The path of a TypeScript or JavaScript file on disk, or undefined. */
export function sourceFileOfUri(uri: string): string | undefined {
  const file = fileOfUri(uri);
  return file !== undefined && sourceName.test(file) ? file : undefined;
}

export function uriOfFile(file: string): string {
  return URI.file(file).toString();
}

function forwardSlashes(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}
