import type { HostToViewer } from "@lockscope/trace";
import * as vscode from "vscode";
import type { StoppedPrograms } from "../debug/stopped-programs.js";
import { SECTION } from "../names.js";
import { traceSettings } from "../settings.js";
import type { TraceSession } from "../trace/session.js";
import type { Findings } from "./findings.js";

/** What the pages are told of a session besides its events: thresholds, findings, whether a debugger holds it. */
export class Remarks implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<HostToViewer>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly stops: StoppedPrograms,
    private readonly findings: Findings,
  ) {
    this.#subscriptions = [
      this.#changed,
      stops.onDidChange((message) => this.#changed.fire(message)),
      findings.onDidChange((message) => this.#changed.fire(message)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.trace`)) this.#changed.fire(thresholds());
      }),
    ];
  }

  of(session: TraceSession): HostToViewer[] {
    const stopped = this.stops.remark(session);
    return [thresholds(), this.findings.remark(session), ...(stopped === undefined ? [] : [stopped])];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}

function thresholds(): HostToViewer {
  const { heldMs, waitMs } = traceSettings();
  return { type: "thresholds", heldMs, waitMs };
}
