import { join } from "node:path";
import * as vscode from "vscode";
import { poll } from "./poll.js";
import { folder } from "./workspace.js";

export const workspace = vscode.workspace.workspaceFolders![0]!;

export function traceOnDebug(value: boolean): Thenable<void> {
  return vscode.workspace
    .getConfiguration("lockscope.trace")
    .update("onDebug", value, vscode.ConfigurationTarget.Workspace);
}

/** How to debug one of the suite's own programs. */
export const fixture = (name: string) => ({
  type: "node",
  request: "launch",
  name,
  program: join(folder, "debug", name),
  console: "internalConsole",
  outputCapture: "std",
});

/** Waits until the debugger holds a program. */
export function pollStopped(): Promise<unknown> {
  return poll(
    "the program to be stopped",
    () => vscode.debug.activeStackItem,
    (item) => item instanceof vscode.DebugStackFrame,
    90_000, // the first program to be debugged waits for the debugger itself
  );
}

/** A debug session that has run to its end. */
export interface FinishedRun {
  /** What the program printed. */
  readonly output: string;
}

/** For a program that the test stops, looks at, and ends: on a busy machine that takes as long as a test may. */
export const AS_LONG_AS_THE_TEST = 115_000;

/** Runs a debug configuration, or a command that starts one, and waits until all its sessions have ended. */
export async function runToEnd(start: () => PromiseLike<unknown>, patienceMs = 45_000): Promise<FinishedRun> {
  let output = "";
  let started = 0;
  let running = 0;
  const subscriptions = [
    vscode.debug.registerDebugAdapterTrackerFactory("*", {
      createDebugAdapterTracker: () => ({
        onDidSendMessage(message: { event?: string; body?: { category?: string; output?: string } }) {
          const { event, body } = message;
          if (event === "output" && body?.category !== "telemetry") output += body?.output ?? "";
        },
      }),
    }),
    vscode.debug.onDidStartDebugSession(() => {
      started++;
      running++;
    }),
    vscode.debug.onDidTerminateDebugSession(() => {
      running--;
    }),
  ];
  try {
    await start();
    await poll(
      "the debug session to end",
      () => [started, running],
      ([all, left]) => all! > 0 && left === 0,
      patienceMs,
    );
    return { output };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nthe program printed: ${output}`);
  } finally {
    vscode.Disposable.from(...subscriptions).dispose();
  }
}
