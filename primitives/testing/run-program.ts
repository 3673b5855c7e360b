import { spawn } from "node:child_process";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How a child runs our TypeScript: the library from source, as the tests themselves do. */
export const nodeFlags = ["--conditions=@lockscope/source", "--import", "tsx"];

/** Runs TypeScript text in a process of its own. Relative imports start from this folder. */
export function runText(text: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return run([...nodeFlags, "--input-type=module", "--eval", text], env);
}

/** Runs node with `args` from this folder, to its end. */
export function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_OPTIONS: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended: Ended = { code: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      ended.stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      ended.stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}
