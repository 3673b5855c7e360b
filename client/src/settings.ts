import * as vscode from "vscode";
import { SECTION } from "./names.js";

/** The settings of the trace, as they are for a folder (or, without one, for the window). */
export interface TraceSettings {
  /** Trace whatever Node program is debugged. */
  readonly onDebug: boolean;
  /** For which operations the place in the source is looked up. */
  readonly stacks: string;
  /** From when on a lock is held, a wait has gone on, for too long, in milliseconds. */
  readonly heldMs: number;
  readonly waitMs: number;
  /** How much a traced program keeps in its memory, to be delivered in case of need; 0: all is sent at once. */
  readonly ringMegabytes: number;
  readonly codeLens: boolean;
}

export function traceSettings(scope?: vscode.ConfigurationScope): TraceSettings {
  const settings = vscode.workspace.getConfiguration(`${SECTION}.trace`, scope);
  return {
    onDebug: settings.get<boolean>("onDebug", false),
    stacks: settings.get<string>("stacks", "all"),
    heldMs: settings.get<number>("heldMs", 1000),
    waitMs: settings.get<number>("waitMs", 1000),
    ringMegabytes: settings.get<number>("ringMegabytes", 0),
    codeLens: settings.get<boolean>("codeLens", true),
  };
}
