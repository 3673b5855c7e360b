import type { HostToViewer, StaticFinding } from "@lockscope/trace";
import * as vscode from "vscode";
import { SECTION } from "../names.js";
import type { TraceSession } from "../trace/session.js";
import { Throttle } from "../trace/throttle.js";

const INTERVAL_MS = 500;

/** What the analysis has found in the files that a trace names. */
export class Findings implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<HostToViewer>();
  readonly onDidChange = this.#changed.event;
  readonly #throttle: Throttle;
  readonly #subscription: vscode.Disposable;

  /** @param sessions those that pages may show now */
  constructor(sessions: () => Iterable<TraceSession>) {
    this.#throttle = new Throttle(INTERVAL_MS, () => {
      for (const session of sessions()) this.#changed.fire(this.remark(session));
    });
    this.#subscription = vscode.languages.onDidChangeDiagnostics(this.#throttle.ask);
  }

  remark(session: TraceSession): HostToViewer {
    return { type: "findings", session: session.id, list: findingsNear(session) };
  }

  dispose(): void {
    this.#throttle.dispose();
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

/** Those in files in which the session's locks are made or used. */
function findingsNear({ store }: TraceSession): StaticFinding[] {
  const files = new Set<string>();
  for (const { site } of store.live.locks) {
    const place = store.sites.get(site);
    if (place !== undefined) files.add(place.file);
  }
  return [...files].flatMap((file) => findingsOf(vscode.Uri.file(file)));
}

/** Our own findings in a file. */
export function findingsOf(uri: vscode.Uri): StaticFinding[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source?.toLowerCase() === SECTION)
    .map(({ range, code, message }) => ({
      file: uri.fsPath,
      line: range.start.line + 1,
      rule: String(typeof code === "object" ? code.value : (code ?? "")),
      message,
    }));
}
