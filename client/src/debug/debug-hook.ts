import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { traceSettings } from "../settings.js";
import type { TraceServer } from "../trace/trace-server.js";
import type { LockBreakpoints } from "./lock-breakpoints.js";
import { isTraced, tracedEnvironment } from "./node-options.js";
import type { TracedRuns } from "./traced-runs.js";

/** In a debug configuration: trace this run whatever the setting says. */
export const TRACE_THIS_RUN = "lockscopeTrace";

/**
 * Traces what the user starts under the debugger: where the setting (or the run itself) asks for it, the Node that
 * the debugger starts loads the instrument before the program. Otherwise the configuration stays as it is.
 */
export class DebugHook implements vscode.DebugConfigurationProvider {
  readonly #register: string;

  constructor(
    register: string,
    private readonly traces: TraceServer,
    private readonly runs: TracedRuns,
    private readonly breakpoints: LockBreakpoints,
    private readonly showTrace: () => void,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.#register = pathToFileURL(register).href;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    const settings = traceSettings(folder);
    const wanted = config[TRACE_THIS_RUN] === true || settings.onDebug;
    if (!wanted || !startsProgram(config) || this.#isTraced(config) || !vscode.workspace.isTrusted)
      return config;
    try {
      const launch = await this.traces.launch({ canDump: settings.ringMegabytes > 0 });
      this.runs.starts(launch);
      this.showTrace();
      const conditions = this.breakpoints.conditions();
      const variables = {
        ...launch.variables,
        LOCKSCOPE_STACKS: settings.stacks,
        ...(settings.ringMegabytes > 0 && { LOCKSCOPE_RING: String(settings.ringMegabytes) }),
        ...(conditions.length > 0 && { LOCKSCOPE_BREAK: JSON.stringify(conditions) }),
      };
      const env = tracedEnvironment(config.env, process.env, this.#register, variables);
      return { ...config, env };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.output.error(`No trace of ${config.name}: ${why}`);
      void vscode.window.showWarningMessage(`Lockscope cannot trace ${basename(config.name)}: ${why}`);
      return config;
    }
  }

  /** By an earlier round of resolving, or by the user; not if all that is left is an earlier run's token. */
  #isTraced({ env }: vscode.DebugConfiguration): boolean {
    return isTraced(env) && !this.runs.isOver(env.LOCKSCOPE_TOKEN);
  }
}

/**
 * Not so when the debugger attaches to a program that runs, nor when it opens, for a process that its launch has
 * started, a session of its own: that one is called a launch too, but only points to the process.
 */
function startsProgram({ request, __pendingTargetId: process }: vscode.DebugConfiguration): boolean {
  return request === "launch" && process === undefined;
}
