import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Batch, type Prelude, StreamReader, TraceStore } from "@lockscope/trace";
import { build } from "esbuild";
import { bundles, common } from "../../scripts/bundles.mjs";
import { nodeFlags } from "./run-program.js";

const testdata = join(import.meta.dirname, "..", "testdata");

interface StartOptions {
  /** The instrument comes by NODE_OPTIONS, which child processes inherit. */
  readonly byNodeOptions?: boolean;
  /** It has no instrument from its start. */
  readonly untraced?: boolean;
  /** It has been built by {@link TraceBench.bundle}. */
  readonly bundled?: boolean;
  /** The program's. */
  readonly args?: readonly string[];
}

/** One traced process, as it looks from the other end of the pipe. */
export class Stream {
  readonly store = new TraceStore();
  readonly batches: Batch[] = [];
  readonly #reader = new StreamReader();
  closed = false;

  constructor(readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      for (const batch of this.#reader.push(chunk)) {
        this.batches.push(batch);
        this.store.append(batch);
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
    });
  }

  get prelude(): Prelude | undefined {
    return this.#reader.prelude;
  }

  get complete(): boolean {
    return this.closed && !this.#reader.end().truncated;
  }
}

/** Listens where traced programs report, builds what they preload, and runs them. */
export class TraceBench implements AsyncDisposable {
  readonly streams: Stream[] = [];
  readonly #children: ChildProcess[] = [];

  private constructor(
    readonly folder: string,
    readonly register: string,
    readonly server: Server,
  ) {
    server.on("connection", (socket) => this.streams.push(new Stream(socket)));
  }

  static async open(): Promise<TraceBench> {
    const folder = await mkdtemp(join(tmpdir(), "lockscope-test-"));
    for (const [name, options] of Object.entries(bundles)) {
      if (/^(?:register|sites) /.test(name))
        await build({ ...common, ...options, bundle: true, outdir: folder });
      if (name.startsWith("adapters "))
        await build({ ...common, ...options, bundle: true, outdir: join(folder, "adapters") });
    }
    const server = createServer();
    const bench = new TraceBench(folder, pathToFileURL(join(folder, "register.mjs")).href, server);
    server.listen(process.platform === "win32" ? bench.pipe : bench.pipe);
    await once(server, "listening");
    return bench;
  }

  get pipe(): string {
    if (process.platform === "win32") return `\\\\.\\pipe\\lockscope-test-${process.pid}`;
    return join(this.folder, "trace.sock");
  }

  get address(): string {
    return `pipe:${this.pipe}`;
  }

  /** Makes of a program of `testdata/` one that needs no loader: its threads start in a tenth of the time. */
  async bundle(program: string): Promise<void> {
    await build({
      ...common,
      entryPoints: [join(testdata, program)],
      bundle: true,
      platform: "node",
      format: "esm",
      outdir: this.folder,
      outExtension: { ".js": ".mjs" },
    });
  }

  /** Starts a program of `testdata/` with the instrument preloaded. */
  start(
    program: string,
    env: NodeJS.ProcessEnv = {},
    { byNodeOptions, untraced, bundled, args = [] }: StartOptions = {},
  ): Program {
    const flags = [...(bundled ? [] : nodeFlags), ...(untraced ? [] : ["--import", this.register])];
    const file = join(bundled ? this.folder : testdata, program);
    const child = spawn(process.execPath, [...(byNodeOptions ? [] : flags), file, ...args], {
      cwd: join(import.meta.dirname, ".."),
      env: { ...process.env, NODE_OPTIONS: byNodeOptions ? flags.join(" ") : "", ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#children.push(child);
    return new Program(child);
  }

  /** Runs a program to its end, with its trace; `streams` has what came. */
  async run(program: string, env: NodeJS.ProcessEnv = {}, options: StartOptions = {}): Promise<Traced> {
    const before = this.streams.length;
    const trace = { LOCKSCOPE_TRACE: this.address, LOCKSCOPE_TOKEN: "secret" };
    const running = this.start(program, { ...trace, ...env }, options);
    await running.end;
    const streams = this.streams.slice(before);
    await Promise.all(streams.map(({ socket, closed }) => closed || once(socket, "close")));
    return { ...running.output, streams, stream: streams[0] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null) child.kill("SIGKILL");
    for (const { socket } of this.streams) socket.destroy();
    this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Output {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Traced extends Output {
  readonly streams: readonly Stream[];
  readonly stream: Stream | undefined;
}

/** A program that runs. */
export class Program {
  readonly output: Output = { code: null, stdout: "", stderr: "" };
  readonly end: Promise<Output>;

  constructor(readonly child: ChildProcess) {
    for (const name of ["stdout", "stderr"] as const) {
      child[name]!.setEncoding("utf8").on("data", (chunk: string) => {
        this.output[name] += chunk;
      });
    }
    this.end = once(child, "close").then(([code]) => Object.assign(this.output, { code }));
  }
}
