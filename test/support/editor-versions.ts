import { access } from "node:fs/promises";
import { join } from "node:path";
import { nodeIn, nodePackage } from "./node-versions.js";
import { installedPackages, npmInstall } from "./packages.js";

/** One VS Code to test in. */
export interface EditorVersion {
  /** What the desktop edition's download calls it. */
  readonly desktop: string;
  /** The npm package `code-server` of this version carries the same workbench and extension host. */
  readonly codeServer: string;
  /** The major version of Node that its server runs on. */
  readonly node: number;
}

const versions = {
  newest: { desktop: "stable", codeServer: "4.139.1", node: 24 },
  /** The oldest that the manifest's `engines.vscode` allows. */
  oldest: { desktop: "1.100.3", codeServer: "4.100.3", node: 20 },
} as const satisfies Record<string, EditorVersion>;

/** The version named by `LOCKSCOPE_VSCODE` (`newest`, which is the default, or `oldest`). */
export function chosenVersion(): EditorVersion {
  const name = process.env.LOCKSCOPE_VSCODE || "newest";
  if (name === "newest" || name === "oldest") return versions[name];
  throw new Error(`LOCKSCOPE_VSCODE is "${name}"; it may be "newest" or "oldest"`);
}

/** Where a server that hosts VS Code for a browser is installed. */
export interface EditorServerFiles {
  /** The Node to run it with. */
  readonly node: string;
  readonly main: string;
}

/** Installs the server from npm at the first call (800 MB, half a minute). */
export async function editorServerFiles(version: EditorVersion): Promise<EditorServerFiles> {
  const ownNode = Number(process.versions.node.split(".")[0]) === version.node;
  const folder = await installedPackages(
    `code-server-${version.codeServer}`,
    { "code-server": version.codeServer, ...(!ownNode && { [nodePackage]: `${version.node}` }) },
    async (made) => {
      console.log(
        `fetching VS Code for the browser (code-server ${version.codeServer}); later runs reuse it`,
      );
      // What the package's own install script does, except that nothing native is compiled.
      const workbench = workbenchOf(made);
      await npmInstall(workbench);
      await npmInstall(join(workbench, "extensions"));
    },
  );
  const node = ownNode ? process.execPath : nodeIn(folder);
  const main = join(workbenchOf(folder), "out", "server-main.js");
  await Promise.all([access(node), access(main)]).catch((error: Error) => {
    throw new Error(
      `The editor's installation is damaged (${error.message}). Remove ${folder} and try again.`,
    );
  });
  return { node, main };
}

const workbenchOf = (folder: string) => join(folder, "node_modules", "code-server", "lib", "vscode");
