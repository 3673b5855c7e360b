import {
  type HostToViewer,
  type SessionEnd,
  type SessionInfo,
  StreamReader,
  TraceFormatError,
} from "@lockscope/trace";

/**
 * Hands a trace file on as the messages of a host, while it arrives.
 * @param as the current session, or the one to compare it with
 */
export async function streamTrace(
  stream: ReadableStream<Uint8Array>,
  info: SessionInfo,
  as: "reset" | "other",
  receive: (message: HostToViewer) => void,
): Promise<void> {
  const { id: session } = info;
  const end = (reason: SessionEnd, message?: string) =>
    receive({ type: "ended", session, reason, ...(message === undefined ? {} : { message }) });
  const reader = new StreamReader();
  let announced = false;
  const announce = () => {
    announced = true;
    const meta = reader.prelude?.meta;
    receive({ type: as, session: { ...info, name: meta?.program || info.name, ...(meta && { meta }) } });
  };
  try {
    for (let body = stream.getReader(); ; ) {
      const { done, value } = await body.read();
      if (done) break;
      const batches = reader.push(value);
      if (!announced && reader.prelude !== undefined) announce();
      for (const { bytes } of batches) receive({ type: "batch", session, bytes: bytes.buffer });
    }
  } catch (error) {
    if (!announced) announce();
    if (error instanceof TraceFormatError) return end("malformed", error.message);
    return end("broken", String(error));
  }
  if (!announced) announce();
  const { truncated, error } = reader.end();
  if (error !== undefined) return end("malformed", error.message);
  end(truncated ? "broken" : "exited", truncated ? "the trace is cut off" : undefined);
}
