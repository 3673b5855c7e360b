/**
 * What a traced program preloads: `node --import …/register.mjs program`. Plugs a recorder into every copy
 * of the library in the thread, and says at its end who is stuck. Configured by the environment, see
 * `config.ts`; without LOCKSCOPE_TRACE there is no trace, only the reports. The program's workers preload it too.
 *
 * The same file is the code of the thread that carries the trace away.
 */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { EndReason } from "@lockscope/trace";
import { plugIn, registry } from "../runtime/registry.js";
import { type CallSites, noSites, StackSites } from "./call-sites.js";
import { type Config, ConfigError, configFrom, defaults } from "./config.js";
import { type FlusherData, flush } from "./flusher.js";
import { type Home, MainHome, WorkerHome } from "./home.js";
import { LibraryFiles } from "./library-files.js";
import { Lifecycle } from "./lifecycle.js";
import { Recorder } from "./recorder.js";
import { prepareFiles } from "./sites/install.js";
import { SourceNames } from "./source-name.js";

const attachKey: unique symbol = Symbol.for("@lockscope/attach");

if (isFlusherData(workerData)) {
  if (parentPort !== null) flush(workerData, parentPort);
} else if (registry.instrument === null) {
  // Loaded twice, by two options or from two places: the first one has it.
  const settings = attachSettings();
  const home =
    isMainThread || settings !== undefined
      ? new MainHome(readConfig(settings ?? process.env), new URL(import.meta.url), mainName(settings))
      : WorkerHome.find();
  if (home !== undefined) start(home, settings === undefined);
}

/** Of tasks that ran before the trace nobody knows when it is one of them that acts. */
function mainName(attached: object | undefined): string {
  return attached !== undefined && registry.liveTasks > 0 ? "main or a task from before the trace" : "main";
}

/** @param fromStart the program has yet to be loaded */
function start(home: Home, fromStart: boolean): void {
  const { definitions, config } = home;
  const sites: CallSites =
    config.stacks === "off"
      ? noSites
      : new StackSites(new LibraryFiles().has, ({ file, line, column, func }, parent) =>
          definitions.site(file, line, column, func, parent),
        );
  const onDetach = () => {
    plugIn(null);
    lifecycle.unfollow();
    recorder.end(EndReason.detached);
  };
  const recorder = new Recorder(home, { sites, names: new SourceNames(), onDetach });
  const lifecycle = new Lifecycle(recorder, sites);
  lifecycle.follow();
  plugIn(recorder);
  if (config.keep.kind === "newest" && !home.worker && process.platform !== "win32") {
    process.on("SIGUSR2", () => recorder.dump());
  }
  if (fromStart) {
    prepareFiles(new URL("sites.cjs", import.meta.url), {
      sites: config.stacks !== "off" && config.sites === "build",
      adapt: config.adapt,
    });
  }
}

/**
 * A debugger that attaches to a program that runs imports this file with `?attach` behind its name, and leaves
 * the settings in a global; undefined for a program that preloads it.
 */
function attachSettings(): Record<string, string | undefined> | undefined {
  if (!new URL(import.meta.url).search.startsWith("?attach")) return undefined;
  const given = (globalThis as { [attachKey]?: Record<string, string> })[attachKey];
  return {
    LOCKSCOPE_TRACE: given?.endpoint,
    LOCKSCOPE_TOKEN: given?.token,
    LOCKSCOPE_STACKS: given?.stacks,
    LOCKSCOPE_RING: given?.ring,
    // A program that was not started with it is not to meet new errors.
    LOCKSCOPE_RELOCK: "wait",
  };
}

/** A wrong setting must not keep the program from running. */
function readConfig(settings: Record<string, string | undefined>): Config {
  try {
    return configFrom(settings);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`lockscope: no trace: ${error.message}\n`);
    return defaults;
  }
}

function isFlusherData(data: unknown): data is FlusherData {
  return typeof data === "object" && data !== null && "lockscopeFlusher" in data;
}
