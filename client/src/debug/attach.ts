import type * as vscode from "vscode";
import type { Launch } from "../trace/trace-server.js";
import { evaluate, REGISTRY } from "./evaluate.js";

const ATTACH = 'globalThis[Symbol.for("@lockscope/attach")]';
const PATIENCE_MS = 10_000;
const STEP_MS = 100;

/** `import()` as the program's own modules have it: code that a debugger hands in has none. */
const IMPORT = `(url) => {
  const { Module } = process.getBuiltinModule("node:module");
  const module = new Module("lockscope");
  module._compile("module.exports = (url) => import(url)", process.execPath);
  return module.exports(url);
}`;

/** What came of the attempt to trace a program that runs. */
export type Attached = "traced" | "traced already" | "pending";

let attempts = 0;

/**
 * Has a program that runs load the instrument: what its locks do is traced from now on.
 * @param register the instrument's URL
 * @returns "pending" if the program, stopped by the debugger perhaps, has not got to it yet
 * @throws {Error} with the reason if the program cannot load it
 */
export async function attachTrace(
  session: vscode.DebugSession,
  register: string,
  { variables }: Launch,
  stacks: string,
): Promise<Attached> {
  const settings = {
    endpoint: variables.LOCKSCOPE_TRACE,
    token: variables.LOCKSCOPE_TOKEN,
    stacks,
  };
  // A module is run once: to attach again after `detach` it needs another URL.
  const url = `${register}?attach=${++attempts}`;
  const said = await evaluate(
    session,
    `(() => {
      if (${REGISTRY}?.instrument) return "traced already";
      const attach = (${ATTACH} = ${JSON.stringify(settings)});
      (${IMPORT})(${JSON.stringify(url)}).then(
        () => { attach.outcome = "traced"; },
        (error) => { attach.outcome = "failed: " + error; },
      );
      return "started";
    })()`,
  );
  if (said.includes("traced already")) return "traced already";
  for (let waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
    const outcome = await evaluate(session, `${ATTACH}?.outcome ?? "pending"`);
    if (outcome.includes("failed")) throw new Error(outcome);
    if (outcome.includes("traced")) return "traced";
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  return "pending";
}

/** Ends the program's trace; the program goes on. */
export async function detachTrace(session: vscode.DebugSession): Promise<void> {
  await evaluate(session, `${REGISTRY}?.instrument?.detach?.()`);
}
