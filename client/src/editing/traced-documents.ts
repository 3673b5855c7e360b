import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import type { StoppedPrograms } from "../debug/stopped-programs.js";
import { presentOf } from "../trace/present.js";
import type { TraceSession } from "../trace/session.js";
import { Throttle } from "../trace/throttle.js";
import type { SessionInFocus } from "../view/session-in-focus.js";
import { type LineCount, LineCounts } from "./line-counts.js";
import { MovedLines } from "./moved-lines.js";

/** What stands above the lines of a program changes so often while it runs: more could not be read. */
const INTERVAL_MS = 500;

/** What the session in focus says of the open documents' lines, which may have moved since the program began. */
export class TracedDocuments implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** There is news of the lines, or the trace is another one. */
  readonly onDidChange = this.#changed.event;
  readonly #throttle = new Throttle(INTERVAL_MS, () => this.#changed.fire());
  readonly #edited: vscode.Disposable;
  #session: TraceSession | undefined;
  #counts: LineCounts | undefined;
  #moved = new Map<string, MovedLines>();

  constructor(
    private readonly focus: SessionInFocus,
    private readonly stops: StoppedPrograms,
  ) {
    focus.on("change", this.#follow);
    this.#edited = vscode.workspace.onDidChangeTextDocument((change) => this.#note(change));
    this.#follow();
  }

  get session(): TraceSession | undefined {
    return this.#session;
  }

  /** The time up to which what is under way is counted. */
  get now(): number {
    const session = this.#session;
    return session === undefined ? 0 : presentOf(session, this.stops.of(session)?.at);
  }

  /** The lines at which locks were taken or waited for, each with the line (0-based) that it is by now. */
  async lines(document: vscode.TextDocument): Promise<{ readonly count: LineCount; readonly at: number }[]> {
    const file = await tracedName(document.uri);
    const counts = this.#counts?.of(file, this.now) ?? [];
    return counts.flatMap((count) => {
      const at = this.lineNow(document.uri, count.line - 1);
      return at === undefined || at >= document.lineCount ? [] : [{ count, at }];
    });
  }

  /** Where a line (0-based) of the text that the program ran from is by now; undefined if it is gone. */
  lineNow(uri: vscode.Uri, line: number): number | undefined {
    const moved = this.#moved.get(uri.toString());
    return moved === undefined ? line : moved.toPresent(line);
  }

  /** Where a line (0-based) was in the text that the program ran from; undefined if it is new. */
  lineThen(uri: vscode.Uri, line: number): number | undefined {
    const moved = this.#moved.get(uri.toString());
    return moved === undefined ? line : moved.toTraced(line);
  }

  dispose(): void {
    this.focus.off("change", this.#follow);
    this.#session?.off("data", this.#throttle.ask).off("end", this.#throttle.ask);
    this.#throttle.dispose();
    this.#edited.dispose();
    this.#changed.dispose();
  }

  readonly #follow = (): void => {
    this.#session?.off("data", this.#throttle.ask).off("end", this.#throttle.ask);
    this.#session = this.focus.session;
    this.#session?.on("data", this.#throttle.ask).on("end", this.#throttle.ask);
    this.#counts = this.#session && new LineCounts(this.#session.store);
    this.#moved = new Map();
    this.#throttle.ask();
  };

  #note({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (this.#session === undefined || contentChanges.length === 0) return;
    const key = document.uri.toString();
    const moved = this.#moved.get(key) ?? new MovedLines();
    this.#moved.set(key, moved);
    // The editor tells changes from the last to the first of the text: none moves the next one's place.
    for (const { range, text } of contentChanges) {
      const removed = range.end.line - range.start.line;
      moved.edited({ start: range.start.line, removed, added: text.split("\n").length - 1 });
    }
  }
}

/** The file's name as Node tells it, which follows links. */
export async function tracedName(uri: vscode.Uri): Promise<string> {
  try {
    return await realpath(uri.fsPath);
  } catch {
    return uri.fsPath; // A file that is not there any more: then no link leads to it either.
  }
}
