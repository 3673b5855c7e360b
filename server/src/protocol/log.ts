import type { InternalError } from "@lockscope/analyzer";
import type { RemoteConsole } from "vscode-languageserver/node";

/** What goes wrong is written to the client's log, never shown as a message box. */
export class Log {
  readonly #seen = new Set<string>();

  constructor(private readonly console: Pick<RemoteConsole, "error" | "warn">) {}

  failure(what: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.console.error(`${what}: ${text}`);
  }

  warn(message: string): void {
    this.console.warn(message);
  }

  /** A rule that fails on a file fails again at every keystroke: each distinct failure is logged once. */
  internal(error: InternalError): void {
    const key = JSON.stringify([error.rule, error.file, error.message]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const where = [error.rule && `rule ${error.rule}`, error.file].filter(Boolean).join(" on ");
    this.console.error(`${where || "analyzer"}: ${error.stack ?? error.message}`);
  }
}
