import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { SECTION } from "../names.js";
import type { TracePanel } from "../panel/trace-panel.js";
import type { Launch, TraceServer } from "../trace/trace-server.js";
import { isTraced, tracedEnvironment } from "./node-options.js";

/** In a debug configuration: trace this run whatever the setting says. */
export const TRACE_THIS_RUN = "lockscopeTrace";

/**
 * Traces what the user debugs: where the setting (or the run itself) asks for it, the Node that the debugger starts
 * loads the instrument before the program. Otherwise the configuration stays as it is.
 */
export class DebugHook implements vscode.DebugConfigurationProvider, vscode.Disposable {
  readonly #register: string;
  /** By token; a debug session carries its token in its environment. */
  readonly #launches = new Map<string, Launch>();
  readonly #subscription: vscode.Disposable;

  constructor(
    register: string,
    private readonly traces: TraceServer,
    private readonly panel: TracePanel,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.#register = pathToFileURL(register).href;
    this.#subscription = vscode.debug.onDidTerminateDebugSession((session) => this.#ended(session));
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    const settings = vscode.workspace.getConfiguration(`${SECTION}.trace`, folder);
    const wanted = config[TRACE_THIS_RUN] === true || settings.get<boolean>("onDebug", false);
    if (!wanted || !startsProgram(config) || isTraced(config.env) || !vscode.workspace.isTrusted)
      return config;
    try {
      const launch = await this.traces.launch();
      this.#launches.set(launch.variables.LOCKSCOPE_TOKEN, launch);
      const variables = {
        ...launch.variables,
        LOCKSCOPE_STACKS: settings.get<string>("stacks", "all"),
      };
      this.panel.show();
      const env = tracedEnvironment(config.env, process.env, this.#register, variables);
      return { ...config, env };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.output.error(`No trace of ${config.name}: ${why}`);
      void vscode.window.showWarningMessage(`Lockscope cannot trace ${basename(config.name)}: ${why}`);
      return config;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const launch of this.#launches.values()) launch.end();
  }

  #ended({ configuration, parentSession }: vscode.DebugSession): void {
    if (parentSession !== undefined) return;
    const token = configuration.env?.LOCKSCOPE_TOKEN;
    this.#launches.get(token)?.end();
    this.#launches.delete(token);
  }
}

/**
 * Not so when the debugger attaches to a program that runs, nor when it opens, for a process that its launch has
 * started, a session of its own: that one is called a launch too, but only points to the process.
 */
function startsProgram({ request, __pendingTargetId: process }: vscode.DebugConfiguration): boolean {
  return request === "launch" && process === undefined;
}
