import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { folder } from "./workspace.js";

const { extensionPath } = vscode.extensions.getExtension("lockscope.lockscope-vscode")!;

/** Runs a program outside the editor, its trace going to a file. */
export function record(program: string, file: string): Promise<unknown> {
  const register = pathToFileURL(join(extensionPath, "dist", "register", "register.mjs")).href;
  const child = spawn(process.execPath, ["--import", register, "--import", "tsx", program], {
    cwd: folder,
    env: { ...process.env, LOCKSCOPE_TRACE: `file:${file}` },
    stdio: "ignore",
  });
  return once(child, "exit");
}
