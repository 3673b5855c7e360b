import * as vscode from "vscode";
import type { StoppedPrograms } from "../debug/stopped-programs.js";
import { SECTION } from "../names.js";
import { traceSettings } from "../settings.js";
import type { TraceSession } from "../trace/session.js";

/** Keeps the detectors of sessions to the user's thresholds, and quiet about programs that a debugger holds. */
export class AlarmSettings implements vscode.Disposable {
  readonly #watched = new Set<TraceSession>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly stops: StoppedPrograms) {
    this.#subscriptions = [
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration(`${SECTION}.trace`)) return;
        for (const session of this.#watched) session.alarms.thresholds = traceSettings();
      }),
      stops.onDidChange(() => {
        for (const session of this.#watched) session.alarms.paused = this.stops.of(session) !== undefined;
      }),
    ];
  }

  /** To be called for each new session. */
  readonly watch = (session: TraceSession): void => {
    session.alarms.thresholds = traceSettings();
    session.alarms.paused = this.stops.of(session) !== undefined;
    if (session.end !== undefined) return;
    this.#watched.add(session);
    session.once("end", () => this.#watched.delete(session));
  };

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
