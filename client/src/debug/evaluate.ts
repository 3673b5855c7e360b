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

/**
 * Which process a stopped thread belongs to, and which task runs in it: a task's id in the trace, undefined if the
 * program is not traced.
 */
export async function processAndTask(
  session: vscode.DebugSession,
  threadId: number,
): Promise<{ readonly pid: number; readonly task: number | undefined }> {
  const { stackFrames = [] }: { readonly stackFrames?: readonly { readonly id: number }[] } =
    await session.customRequest("stackTrace", { threadId, startFrame: 0, levels: 1 });
  const said = await evaluate(session, WHO, stackFrames[0]?.id);
  const [, pid, task] = /(\d+)\/(\d*)/.exec(said) ?? [];
  if (pid === undefined) throw new Error(`it says ${said}`);
  return { pid: Number(pid), task: task === "" ? undefined : Number(task) };
}
