import Mocha from "mocha";
import * as vscode from "vscode";
import { trustVariable } from "../questions.js";
import { outside } from "./outside.js";
import { Reporter } from "./reporter.js";

/** Called by VS Code in the extension host, again after each reload of the window; it fails if a test fails. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, reporter: Reporter });
  const only = process.env.LOCKSCOPE_TEST_GREP;
  if (only) mocha.grep(new RegExp(only));
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  const life = await outside.begins();
  if (process.env[trustVariable] === "false") await import("./restricted.test.js");
  else if (life === 1) await importTests();
  const { reload } = await import("./reload.test.js");
  if (process.env[trustVariable] === "true") reload.define(life);
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  await Reporter.said;
  const { passes = 0, failures = 0 } = runner.stats ?? {};
  if (reload.wanted) {
    await vscode.commands.executeCommand("workbench.action.reloadWindow");
    await new Promise(() => {}); // this extension host ends
  }
  if (failures > 0) throw new Error(`${failures} of ${passes + failures} tests failed`);
}

/** What needs a window of one life only. */
async function importTests(): Promise<void> {
  await import("./findings.test.js");
  await import("./fixes.test.js");
  await import("./typing.test.js");
  await import("./debug.test.js");
  await import("./trace-file.test.js");
  await import("./source.test.js");
  await import("./stops.test.js");
  await import("./runs.test.js");
  await import("./ring.test.js");
}
