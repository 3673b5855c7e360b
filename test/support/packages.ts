import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.js";

/** Downloaded hosts and browsers, kept between runs and out of the project's own dependencies. */
const cache = join(root, ".vscode-test");

/**
 * A folder with these npm packages in its `node_modules`: the one from an earlier run, else a new one.
 * It is made under another name and renamed when complete, so an interrupted install, or two at the same time,
 * leave nothing half done.
 *
 * @param name the folder's name; give a new one where the versions change
 * @param finish what is left to do in the new folder
 */
export async function installedPackages(
  name: string,
  dependencies: Readonly<Record<string, string>>,
  finish: (folder: string) => Promise<void> = async () => {},
): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, "partial-"));
  try {
    await writeFile(join(partial, "package.json"), JSON.stringify({ private: true, dependencies }));
    await npmInstall(partial);
    await finish(partial);
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Installs what the `package.json` in `folder` names, running no package's scripts. */
export async function npmInstall(folder: string): Promise<void> {
  const args = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npmScript = process.env.npm_execpath;
  if (npmScript?.endsWith(".js")) await run(process.execPath, [npmScript, ...args], { cwd: folder });
  else await run("npm", args, { cwd: folder, shell: process.platform === "win32" });
}

/**
 * Runs a program to its end and returns what it printed.
 * @throws {Error} with its output, if it fails
 */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; shell?: boolean } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")} failed (status ${code})\n${stderr || stdout}`));
    });
  });
}
