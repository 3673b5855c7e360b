/**
 * What a traced program preloads: `node --import …/register.mjs program`. Plugs a recorder into every copy
 * of the library in the process, and says at its end who is stuck. Configured by the environment, see
 * `config.ts`; without LOCKSCOPE_TRACE there is no trace, only the report.
 *
 * The same file is the code of the thread that carries the trace away.
 */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { DefinitionWriter } from "@lockscope/trace";
import { plugIn, registry } from "../runtime/registry.js";
import { type CallSites, noSites, StackSites } from "./call-sites.js";
import { type Config, ConfigError, configFrom } from "./config.js";
import { type FlusherData, flush } from "./flusher.js";
import { LibraryFiles } from "./library-files.js";
import { Lifecycle } from "./lifecycle.js";
import { Recorder } from "./recorder.js";
import { SourceNames } from "./source-name.js";
import { TraceWriter } from "./trace-writer.js";

if (isMainThread) {
  // Loaded twice, by two options or from two places: the first one has it.
  if (registry.instrument === null) start();
} else if (isFlusherData(workerData) && parentPort !== null) {
  flush(workerData, parentPort);
}

function start(): void {
  const config = readConfig();
  const { endpoint, stacks, relock } = config;
  let trace: TraceWriter | null = null;
  const openTrace = () => {
    if (endpoint !== null) trace = openWriter({ ...config, endpoint });
    return trace;
  };
  const numbers = new DefinitionWriter();
  const defineSite: ConstructorParameters<typeof StackSites>[1] = (site) =>
    (trace?.definitions ?? numbers).site(site.file, site.line, site.column, site.func);
  const sites: CallSites = stacks === "off" ? noSites : new StackSites(new LibraryFiles().has, defineSite);
  const recorder: Recorder = new Recorder({
    sites,
    names: new SourceNames(),
    stacks,
    relock,
    onSuspicion: () => lifecycle.suspect(),
    openTrace,
  });
  const lifecycle = new Lifecycle(recorder, sites);
  lifecycle.follow();
  plugIn(recorder);
}

/** A wrong setting must not keep the program from running. */
function readConfig(): Config {
  try {
    return configFrom(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`lockscope: no trace: ${error.message}\n`);
    return { endpoint: null, token: "-", stacks: "all", relock: "throw" };
  }
}

function openWriter(config: ConstructorParameters<typeof TraceWriter>[0]): TraceWriter | null {
  try {
    return new TraceWriter(config, new URL(import.meta.url));
  } catch (error) {
    // No threads (a permission model), no shared memory: the program goes on untraced.
    process.stderr.write(`lockscope: no trace: ${(error as Error).message}\n`);
    return null;
  }
}

function isFlusherData(data: unknown): data is FlusherData {
  return typeof data === "object" && data !== null && "lockscopeFlusher" in data;
}
