import { createReadStream, statSync } from "node:fs";
import {
  eventText,
  type Prelude,
  StreamReader,
  TraceFormatError,
  TraceStore,
  traceHeaderText,
} from "@lockscope/trace";
import { print, printError } from "../output.js";
import { type Command, ExitStatus, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope trace FILE

Prints a trace that "lockscope run --trace FILE" recorded, one line an event.

Exit status: 0, or 2 when the file is no trace or damaged (what can be read is printed).`;

export const command: Command = { help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine("trace", args, {});
  if (values.help) return print(help);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError("trace takes one file");
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(`no such trace: ${file}`);
  const { prelude, store, problem } = await load(file);
  if (prelude !== undefined) printTrace(prelude, store);
  if (problem === undefined) return ExitStatus.ok;
  return printError(`${file}: ${problem.text}`, problem.damaged ? ExitStatus.failed : ExitStatus.ok);
}

interface Loaded {
  readonly prelude: Prelude | undefined;
  readonly store: TraceStore;
  /** Why the trace is not complete; `damaged`: not just cut off by the program's death. */
  readonly problem: { readonly text: string; readonly damaged: boolean } | undefined;
}

async function load(file: string): Promise<Loaded> {
  const reader = new StreamReader();
  const store = new TraceStore();
  try {
    for await (const chunk of createReadStream(file)) {
      for (const batch of reader.push(chunk)) store.append(batch);
    }
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
  }
  store.finish();
  const { truncated, pendingBytes, error } = reader.end();
  const { prelude } = reader;
  if (error !== undefined) return { prelude, store, problem: { text: error.message, damaged: true } };
  if (!truncated) return { prelude, store, problem: undefined };
  const text =
    prelude === undefined
      ? "not a trace: too short"
      : `cut off, the last ${pendingBytes} bytes are incomplete`;
  return { prelude, store, problem: { text, damaged: prelude === undefined } };
}

/** In pieces: the text of a long trace is larger than a string can be. */
function printTrace(prelude: Prelude, store: TraceStore): void {
  let piece = traceHeaderText(prelude);
  store.forEachEvent((event) => {
    piece += `${eventText(store, event)}\n`;
    if (piece.length < 65_536) return;
    process.stdout.write(piece);
    piece = "";
  });
  if (store.dropped > 0) piece += `# ${store.dropped} events were dropped\n`;
  process.stdout.write(piece);
}
