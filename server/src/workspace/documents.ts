import { TextDocuments } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { sourceFileOfUri, uriOfFile } from "../protocol/uri.js";

/** The open documents by the path of their file. Documents that are no source files on disk are left out. */
export class OpenDocuments {
  /** Kept up to date by incremental sync. */
  readonly texts = new TextDocuments(TextDocument);
  readonly #uriByFile = new Map<string, string>();

  opened(uri: string): string | undefined {
    const file = sourceFileOfUri(uri);
    if (file !== undefined) this.#uriByFile.set(file, uri);
    return file;
  }

  closed(uri: string): string | undefined {
    const file = sourceFileOfUri(uri);
    if (file !== undefined) this.#uriByFile.delete(file);
    return file;
  }

  files(): string[] {
    return [...this.#uriByFile.keys()];
  }

  has(file: string): boolean {
    return this.#uriByFile.has(file);
  }

  of(file: string): TextDocument | undefined {
    const uri = this.#uriByFile.get(file);
    return uri === undefined ? undefined : this.texts.get(uri);
  }

  /** The client's own spelling of the URI where it has the file open: clients compare URIs as strings. */
  uriOf(file: string): string {
    return this.#uriByFile.get(file) ?? uriOfFile(file);
  }
}
