import type { HostToViewer } from "@lockscope/trace";
import type { TraceSession } from "./session.js";

/** One message holds about this much. Larger ones are no faster, and they keep the page from drawing. */
const MESSAGE_BYTES = 256 * 1024;

/** How much of a session a page has. The session's own list of batches is the buffer. */
export class SessionCursor {
  #sent = 0;
  #sentBytes = 0;
  #endSent = false;

  constructor(readonly session: TraceSession) {}

  /** The next message about the session; undefined while the page has everything. */
  next(): HostToViewer | undefined {
    const { session } = this;
    if (this.#sent < session.batches.length) {
      const bytes = this.#take(session);
      this.#sentBytes += bytes.byteLength;
      const left = session.bytes - this.#sentBytes + session.unread;
      return { type: "batch", session: session.id, bytes, left };
    }
    if (session.end === undefined || this.#endSent) return undefined;
    this.#endSent = true;
    return { type: "ended", session: session.id, ...session.end };
  }

  /** The next batches in a buffer of exactly their size: of a larger one all would be copied. */
  #take({ batches }: TraceSession): ArrayBuffer {
    const first = this.#sent;
    let bytes = 0;
    do bytes += batches[this.#sent++]!.bytes.length;
    while (this.#sent < batches.length && bytes + batches[this.#sent]!.bytes.length <= MESSAGE_BYTES);
    const joined = new Uint8Array(bytes);
    let at = 0;
    for (const batch of batches.slice(first, this.#sent)) {
      joined.set(batch.bytes, at);
      at += batch.bytes.length;
    }
    return joined.buffer;
  }
}
