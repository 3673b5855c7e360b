import { statSync } from "node:fs";
import { chromeTrace, compareTraces, eventsCsv, type TraceStore } from "@lockscope/trace";
import { print, printError } from "../output.js";
import { serve } from "../serve/serve.js";
import { comparisonText } from "../trace/comparison-text.js";
import { type LoadedTrace, loadTrace } from "../trace/load-trace.js";
import { traceText } from "../trace/trace-text.js";
import { type Command, ExitStatus, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope trace FILE [options]

Shows a trace that "lockscope run --trace FILE" recorded.

  --format text    one line an event (default)
  --format chrome  for Perfetto and chrome://tracing
  --format csv     events as a table
  --compare FILE   what has changed in that one, lock by lock
  --serve          the trace view, at an address for a browser on this machine;
                   follows a trace that is still being written
  --open           the same, and opens the browser

Exit status: 0, or 2 when a file is no trace or damaged (what can be read is printed).`;

export const command: Command = { help, run };

const formats: Readonly<Record<string, (trace: LoadedTrace) => Iterable<string>>> = {
  text: traceText,
  chrome: ({ prelude, store }) => chromeTrace(store, prelude?.meta),
  csv: ({ store }) => eventsCsv(store),
};

const options = {
  format: { type: "string" },
  compare: { type: "string" },
  serve: { type: "boolean" },
  open: { type: "boolean" },
} as const;

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine("trace", args, options);
  if (values.help) return print(help);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("trace takes one file");
  const serves = values.serve === true || values.open === true;
  if ([serves, values.format, values.compare].filter(Boolean).length > 1) {
    throw new UsageError("--serve, --format and --compare exclude each other");
  }
  expectFile(file);
  if (serves) return serve(file, { open: values.open === true });
  if (values.compare !== undefined) return compare(file, values.compare);
  const format = values.format ?? "text";
  if (!Object.hasOwn(formats, format)) {
    throw new UsageError(`unknown format ${format}; there are ${Object.keys(formats).join(", ")}`);
  }
  const trace = await loadTrace(file);
  for (const piece of formats[format]!(trace)) process.stdout.write(piece);
  return problemOf(file, trace);
}

async function compare(before: string, after: string): Promise<number> {
  expectFile(after);
  const traces = [await loadTrace(before), await loadTrace(after)];
  const [old, now] = traces.map(({ store }) => store) as [TraceStore, TraceStore];
  print(comparisonText(compareTraces(old, now)));
  return Math.max(...[before, after].map((file, index) => problemOf(file, traces[index]!)));
}

function expectFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(`no such trace: ${file}`);
}

/** Says why the trace is not complete; that is a failure unless the program's death has just cut it off. */
function problemOf(file: string, { problem }: LoadedTrace): number {
  if (problem === undefined) return ExitStatus.ok;
  return printError(`${file}: ${problem.text}`, problem.damaged ? ExitStatus.failed : ExitStatus.ok);
}
