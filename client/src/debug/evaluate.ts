import type * as vscode from "vscode";

/** The library's registry in a program: where the instrument is found, if one is plugged in. */
export const REGISTRY = 'globalThis[Symbol.for("@lockscope/sync")]';

/**
 * Has the program compute an expression, in the frame if it is stopped there, else among its globals.
 * @returns the result as the debugger shows it: strings have their quotes
 * @throws {Error} if the expression throws, or the debugger cannot ask
 */
export async function evaluate(
  session: vscode.DebugSession,
  expression: string,
  frameId?: number,
): Promise<string> {
  const answer: { readonly result?: unknown } = await session.customRequest("evaluate", {
    expression,
    context: "watch",
    ...(frameId !== undefined && { frameId }),
  });
  return String(answer.result);
}

const WHO = `process.pid + "/" + (${REGISTRY}?.instrument?.currentTaskId?.() ?? "")`;

/** The instrument's function with the `debugger` statement that a lock breakpoint stops at. */
const STOPS = "stopInDebugger";

/** Where a program has stopped. */
export interface Standstill {
  readonly pid: number;
  /** The task that runs there, by its id in the trace; undefined if the program is not traced. */
  readonly task: number | undefined;
  /** A lock breakpoint has stopped it, not one of the debugger's own. */
  readonly byLock: boolean;
}

/** Asks a thread that the debugger has stopped where it is. */
export async function standstillOf(session: vscode.DebugSession, threadId: number): Promise<Standstill> {
  const { stackFrames = [] }: { readonly stackFrames?: readonly { readonly id: number; name?: string }[] } =
    await session.customRequest("stackTrace", { threadId, startFrame: 0, levels: 1 });
  const [frame] = stackFrames;
  const said = await evaluate(session, WHO, frame?.id);
  const [, pid, task] = /(\d+)\/(\d*)/.exec(said) ?? [];
  if (pid === undefined) throw new Error(`it says ${said}`);
  return {
    pid: Number(pid),
    task: task === "" ? undefined : Number(task),
    byLock: frame?.name?.includes(STOPS) ?? false,
  };
}
