import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { DEBUG_TYPES } from "../names.js";
import { traceSettings } from "../settings.js";
import type { TraceServer } from "../trace/trace-server.js";
import { mayRun } from "../view/trust.js";
import { attachTrace, detachTrace } from "./attach.js";
import { TRACE_THIS_RUN } from "./debug-hook.js";
import type { LockStops } from "./lock-stops.js";
import type { TracedRuns } from "./traced-runs.js";

/**
 * Traces programs that run already: those that the debugger attaches to where the setting (or the configuration)
 * asks for it, and the one that is debugged when the user says so.
 */
export class AttachHook implements vscode.Disposable {
  readonly #register: string;
  readonly #subscription: vscode.Disposable;

  constructor(
    register: string,
    private readonly traces: TraceServer,
    private readonly runs: TracedRuns,
    private readonly lockStops: LockStops,
    private readonly showTrace: () => void,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.#register = pathToFileURL(register).href;
    this.#subscription = vscode.debug.onDidStartDebugSession((session) => {
      if (!vscode.workspace.isTrusted || !isAttachedProcess(session) || !isWanted(session)) return;
      void this.#attach(session).catch(this.#log);
    });
  }

  /** The program that is debugged now is traced from here on. */
  async attachToActive(): Promise<void> {
    if (!mayRun("Tracing a program")) return;
    const process = this.#activeProcess();
    if (process === undefined) {
      void vscode.window.showInformationMessage("Lockscope: no Node program is being debugged.");
    } else if (this.runs.tokenOf(process) !== undefined) {
      this.showTrace();
    } else {
      await this.#attach(process);
    }
  }

  /** The program that is debugged now goes on untraced. */
  async detachFromActive(): Promise<void> {
    const process = this.#activeProcess();
    if (process === undefined || this.runs.tokenOf(process) === undefined) {
      void vscode.window.showInformationMessage("Lockscope: the program being debugged is not traced.");
    } else {
      await detachTrace(process);
      this.runs.detached(process);
    }
  }

  #activeProcess(): vscode.DebugSession | undefined {
    const active = vscode.debug.activeDebugSession;
    const isNode = DEBUG_TYPES.some((type) => type === active?.type);
    return active !== undefined && isNode ? this.runs.processOf(active) : undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #attach(session: vscode.DebugSession): Promise<void> {
    const { stacks } = traceSettings(session.workspaceFolder);
    const launch = await this.traces.launch();
    this.runs.attached(session, launch);
    try {
      const outcome = await attachTrace(session, this.#register, launch, stacks);
      if (outcome === "traced already") {
        this.runs.detached(session);
      } else {
        this.showTrace();
        void this.lockStops.tell(session);
      }
      if (outcome === "pending") {
        void vscode.window.showInformationMessage(
          `Lockscope: ${session.name} will be traced as soon as it goes on.`,
        );
      }
    } catch (error) {
      this.runs.detached(session);
      throw error;
    }
  }

  readonly #log = (error: Error): void => this.output.error(`No trace: ${error.message}`);
}

/** The debugger has a session for the attaching as such, and below it one for each process that it found. */
function isAttachedProcess({ type, parentSession }: vscode.DebugSession): boolean {
  return (
    DEBUG_TYPES.some((known) => known === type) &&
    parentSession?.configuration.request === "attach" &&
    parentSession.parentSession === undefined
  );
}

function isWanted({ parentSession, workspaceFolder }: vscode.DebugSession): boolean {
  return parentSession?.configuration[TRACE_THIS_RUN] === true || traceSettings(workspaceFolder).onDebug;
}
