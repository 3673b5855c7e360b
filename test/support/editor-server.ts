import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { type EditorVersion, editorServerFiles } from "./editor-versions.js";
import { endTree, spawnTree } from "./process-tree.js";

export interface EditorServerOptions {
  readonly version: EditorVersion;
  /** Where it keeps settings, extensions and logs. */
  readonly dataFolder: string;
  /** Variables that extensions will see besides our own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Every workspace is trusted (which is the default), or none is. */
  readonly trust?: boolean;
  /** The loopback port; by default a free one. */
  readonly port?: number;
}

/** Settings of an editor that neither trusts a workspace nor asks whether to. */
export const untrusting = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
} as const;

/** What to open in the page. */
export interface EditorPageOptions {
  readonly workspace: string;
  /** The folder of the extension under development. */
  readonly extension: string;
  /** A module with `run()`, to be called in the extension host. Without one the page is an ordinary editor. */
  readonly tests?: string;
}

/** VS Code's server, which serves the workbench to a browser and runs extensions. */
export class EditorServer {
  #stopping = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly authority: string,
    private readonly token: string,
  ) {}

  /**
   * Installs the server if need be and starts it on 127.0.0.1.
   * @throws {Error} with its output, if it does not come up
   */
  static async start(options: EditorServerOptions): Promise<EditorServer> {
    const { node, main } = await editorServerFiles(options.version);
    const { trust = true, settings } = options;
    const userFolder = join(options.dataFolder, "data", "User");
    await mkdir(userFolder, { recursive: true });
    await writeFile(
      join(userFolder, "settings.json"),
      JSON.stringify({ ...settings, ...(!trust && untrusting) }),
    );
    const token = randomBytes(16).toString("hex");
    const args = [
      main,
      ...["--host", "127.0.0.1", "--port", String(options.port ?? 0), "--connection-token", token],
      ...[
        "--accept-server-license-terms",
        "--server-data-dir",
        options.dataFolder,
        "--telemetry-level",
        "off",
      ],
      // Without the smoke test driver the page ignores the `extensionTestsPath` of its address.
      "--enable-smoke-test-driver",
      ...(trust ? ["--disable-workspace-trust"] : []),
    ];
    const child = spawnTree(node, args, {
      env: { ...ownEnvironment(), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const port = await listeningPort(child);
    return new EditorServer(child, `127.0.0.1:${port}`, token);
  }

  /** The address of the workbench with these folders. Who does not have it (other users, other pages) stays out. */
  url({ workspace, extension, tests }: EditorPageOptions): string {
    const pathOf = (file: string) => pathToFileURL(file).pathname;
    const remote = (file: string) => `vscode-remote://${this.authority}${pathOf(file)}`;
    const payload = [
      ["extensionDevelopmentPath", remote(extension)],
      ...(tests === undefined ? [] : [["extensionTestsPath", remote(tests)]]),
      ["skipWelcome", "true"],
    ];
    const query = new URLSearchParams({
      tkn: this.token,
      folder: decodeURI(pathOf(workspace)),
      payload: JSON.stringify(payload),
    });
    return `http://${this.authority}/?${query}`;
  }

  /** Called if the server ends before it is told to. */
  onExit(listener: (message: string) => void): void {
    this.child.once("exit", (code, signal) => {
      if (!this.#stopping) listener(`the editor's server ended (${signal ?? `status ${code}`})`);
    });
  }

  /** Ends it, its extension hosts and what they started. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await endTree(this.child);
  }
}

/** Our environment without what a VS Code or a loader around us has put there for its own use. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)),
  );
}

/** Waits until the server says where it listens; then its output, which is noisy, is no longer read. */
function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const output: string[] = [];
    const fail = (why: string) => reject(new Error([`The editor's server ${why}:`, ...output].join("\n")));
    const patience = setTimeout(() => fail("does not listen"), 60_000);
    child.once("error", (error) => fail(`cannot be started: ${error.message}`));
    child.once("exit", (code) => fail(`ended at once with status ${code}`));
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on("line", (line) => {
        if (output.length < 50) output.push(line);
        const port = /^Extension host agent listening on (\d+)/.exec(line)?.[1];
        if (port === undefined) return;
        clearTimeout(patience);
        resolve(Number(port));
      });
    }
  });
}
