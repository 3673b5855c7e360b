import { join } from "node:path";
import { installedPackages } from "./packages.js";

/** The npm package of this platform that the package `node` installs. */
export const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Where a Node is that was installed below `folder`. */
export function nodeIn(folder: string): string {
  return join(folder, "node_modules", nodePackage, "bin", process.platform === "win32" ? "node.exe" : "node");
}

/**
 * The executable of this Node, for instance "22.23.3": the one that runs, or one from npm, fetched at the first
 * call (100 MB).
 *
 * @throws {Error} what npm said, if it is not to be had
 */
export async function nodeExecutable(version: string): Promise<string> {
  if (version === process.versions.node) return process.execPath;
  return nodeIn(await installedPackages(`node-${version}`, { [nodePackage]: version }));
}
