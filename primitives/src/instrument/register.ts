/**
 * What a traced program preloads: `node --import …/register.mjs program`. Plugs a recorder into every copy
 * of the library in the thread, and says at its end who is stuck. Configured by the environment, see
 * `config.ts`; without LOCKSCOPE_TRACE there is no trace, only the reports. The program's workers preload it too.
 *
 * The same file is the code of the thread that carries the trace away.
 */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
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

if (isFlusherData(workerData)) {
  if (parentPort !== null) flush(workerData, parentPort);
} else if (registry.instrument === null) {
  // Loaded twice, by two options or from two places: the first one has it.
  const home = isMainThread ? new MainHome(readConfig(), new URL(import.meta.url)) : WorkerHome.find();
  if (home !== undefined) start(home);
}

function start(home: Home): void {
  const { definitions, config } = home;
  const sites: CallSites =
    config.stacks === "off"
      ? noSites
      : new StackSites(new LibraryFiles().has, ({ file, line, column, func }) =>
          definitions.site(file, line, column, func),
        );
  const recorder = new Recorder(home, { sites, names: new SourceNames() });
  new Lifecycle(recorder, sites).follow();
  plugIn(recorder);
  if (config.stacks !== "off" && process.env.LOCKSCOPE_SITES !== "stack") {
    prepareFiles(new URL("sites.cjs", import.meta.url));
  }
}

/** A wrong setting must not keep the program from running. */
function readConfig(): Config {
  try {
    return configFrom(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`lockscope: no trace: ${error.message}\n`);
    return defaults;
  }
}

function isFlusherData(data: unknown): data is FlusherData {
  return typeof data === "object" && data !== null && "lockscopeFlusher" in data;
}
