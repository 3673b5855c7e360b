import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { bundles, common } from "../../scripts/bundles.mjs";
import { installLibrary } from "./installed-library.js";
import { root } from "./paths.js";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `env`: on top of the test's own, without what would change a program's output. `undefined` takes one away. */
export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
}

/**
 * A folder in which `lockscope` and `@lockscope/sync` are installed as npm would install them, made from the
 * sources as they are now: a `dist/` of an earlier build has no say in what the tests see.
 */
export class InstalledCli implements AsyncDisposable {
  readonly #children: ChildProcess[] = [];

  private constructor(readonly folder: string) {}

  static async install(): Promise<InstalledCli> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "lockscope-cli-")));
    const modules = join(folder, "node_modules");
    await Promise.all([installCommand(join(modules, "lockscope")), installLibrary(modules)]);
    await symlink(join(root, "node_modules/tsx"), join(modules, "tsx"), "junction");
    return new InstalledCli(folder);
  }

  get script(): string {
    return join(this.folder, "node_modules/lockscope/bin/lockscope.mjs");
  }

  /** Writes files below the folder; returns the absolute path of the first. */
  async write(files: Readonly<Record<string, string>>): Promise<string> {
    const paths = Object.keys(files).map((name) => join(this.folder, name));
    for (const [at, text] of Object.values(files).entries()) {
      await mkdir(dirname(paths[at]!), { recursive: true });
      await writeFile(paths[at]!, text);
    }
    return paths[0]!;
  }

  start(args: readonly string[], { cwd, env }: StartOptions = {}) {
    const child = spawn(process.execPath, [this.script, ...args], {
      cwd: cwd === undefined ? this.folder : join(this.folder, cwd),
      env: { ...quiet(process.env), ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => {}); // A program that ends without reading its input is no failure of the test.
    this.#children.push(child);
    return child;
  }

  async run(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
    const child = this.start(args, options);
    const ended = endOf(child);
    child.stdin.end(options.stdin ?? "");
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) if (isRunning(child)) child.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** What a child prints and how it ends. Call it before anything else reads the streams. */
export function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Neither the runner's wish for colours nor a trace of the tests themselves reaches the child. */
function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const unwanted = /^(LOCKSCOPE_.*|NODE_OPTIONS|NODE_ENV|FORCE_COLOR|NO_COLOR|VITEST.*)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !unwanted.test(name)));
}

async function installCommand(folder: string): Promise<void> {
  await mkdir(join(folder, "dist"), { recursive: true });
  const inRoot = {
    ...common,
    sourcemap: false,
    bundle: true,
    absWorkingDir: root,
    outdir: join(folder, "dist"),
  };
  await Promise.all([
    cp(join(root, "cli/package.json"), join(folder, "package.json")),
    cp(join(root, "cli/bin"), join(folder, "bin"), { recursive: true }),
    ...Object.entries(carried).map(([name, below]) =>
      build({ ...inRoot, ...bundleFor(name), outdir: join(inRoot.outdir, below) }),
    ),
  ]);
}

/** What the command is made of and carries with it, by the folder below its own. */
const carried: Readonly<Record<string, string>> = {
  "cli (the terminal)": "",
  "register (what a traced program preloads)": "",
  "sites (what numbers the calls of a traced program)": "",
  "adapters (for import)": "adapters",
  "adapters (for require)": "adapters",
  "viewer (the trace page)": "viewer",
};

function bundleFor(name: string) {
  const options = bundles[name];
  if (options === undefined) throw new Error(`no bundle ${name}`);
  return options;
}
