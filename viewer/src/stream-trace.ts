import {
  type HostToViewer,
  type SessionEnd,
  type SessionInfo,
  StreamReader,
  TraceFormatError,
} from "@lockscope/trace";
import { Turns } from "./model/turns.js";

export interface StreamOptions {
  /** The current session, or the one to compare it with. */
  readonly as: "reset" | "other";
  /** How many bytes there are to begin with; more may come while they are read. 0: nobody knows. */
  readonly size: number;
  /** Ends it: what has come by then is kept. */
  readonly signal?: AbortSignal;
}

/** Hands a trace file on as the messages of a host, while it arrives. */
export async function streamTrace(
  stream: ReadableStream<Uint8Array>,
  info: SessionInfo,
  { as, size, signal }: StreamOptions,
  receive: (message: HostToViewer) => void,
): Promise<void> {
  const { id: session } = info;
  const end = (reason: SessionEnd, message?: string) =>
    receive({ type: "ended", session, reason, ...(message === undefined ? {} : { message }) });
  const reader = new StreamReader();
  let announced = false;
  let read = 0;
  const announce = () => {
    announced = true;
    const meta = reader.prelude?.meta;
    receive({ type: as, session: { ...info, name: meta?.program || info.name, ...(meta && { meta }) } });
  };
  try {
    const turns = new Turns();
    for (let body = stream.getReader(); ; ) {
      const { done, value } = await body.read();
      if (done) break;
      read += value.length;
      const batches = reader.push(value);
      if (!announced && reader.prelude !== undefined) announce();
      for (const { bytes } of batches) {
        await turns.next();
        signal?.throwIfAborted();
        receive({ type: "batch", session, bytes: bytes.buffer, left: Math.max(0, size - read) });
      }
    }
  } catch (error) {
    if (!announced) announce();
    if (signal?.aborted) return end("broken", "loading was stopped: only the beginning is shown");
    if (error instanceof TraceFormatError) return end("malformed", error.message);
    return end("broken", String(error));
  }
  if (!announced) announce();
  if (read === 0) return end("broken", "the trace is empty");
  const { truncated, error } = reader.end();
  if (error !== undefined) return end("malformed", error.message);
  end(truncated ? "broken" : "exited", truncated ? "the trace is cut off" : undefined);
}
