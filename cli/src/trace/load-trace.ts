import { createReadStream } from "node:fs";
import { type Prelude, StreamReader, TraceFormatError, TraceStore } from "@lockscope/trace";

export interface LoadedTrace {
  readonly prelude: Prelude | undefined;
  readonly store: TraceStore;
  /** Why the trace is not complete; `damaged`: not just cut off by the program's death. */
  readonly problem: { readonly text: string; readonly damaged: boolean } | undefined;
}

/** Reads a trace file as far as it can be read. */
export async function loadTrace(file: string): Promise<LoadedTrace> {
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
