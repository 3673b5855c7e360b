import type { HostToViewer, ViewerToHost } from "@lockscope/trace";
import type { TraceSession } from "./session.js";
import type { Sessions } from "./sessions.js";

/** What is new is sent at most this often: a page draws 30 times a second at best while it is fed. */
const INTERVAL_MS = 33;
/** One message holds about this much. Larger ones are no faster, and they keep the page from drawing. */
const MESSAGE_BYTES = 256 * 1024;

/** The page's side of the line. Resolves to false if the message did not arrive (the page is hidden or gone). */
export type PostToViewer = (message: HostToViewer) => PromiseLike<boolean>;

/**
 * Keeps one page supplied with the current session. The session's own list of batches is the buffer: the feed
 * remembers how many of them the page has. A hidden page gets nothing; when it is shown it loads anew, says
 * `ready`, and gets everything.
 */
export class ViewerFeed {
  #session: TraceSession | undefined;
  #sent = 0;
  #endSent = false;
  #listening = false;
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;
  /** Rises when the page starts from nothing, so that a pump that is under way notices. */
  #epoch = 0;

  constructor(
    private readonly sessions: Sessions,
    private readonly post: PostToViewer,
  ) {
    sessions.on("list", this.#listChanged);
  }

  /** Takes the page's `ready` and `select-session`; returns false for what is not the feed's business. */
  receive(message: ViewerToHost): boolean {
    if (message.type === "ready") {
      this.#listening = true;
      this.#session = undefined;
      this.#listChanged();
    } else if (message.type === "select-session") {
      this.sessions.select(message.id);
    } else {
      return false;
    }
    return true;
  }

  /** The page is hidden: it hears nothing, and will ask again. */
  pause(): void {
    this.#listening = false;
    this.#epoch++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  dispose(): void {
    this.pause();
    this.sessions.off("list", this.#listChanged);
    this.#follow(undefined);
  }

  readonly #listChanged = (): void => {
    if (!this.#listening) return;
    const { all, current } = this.sessions;
    const list = all.map((session) => session.info);
    void this.post({ type: "sessions", list, ...(current && { current: current.id }) });
    if (current === this.#session || current === undefined) return;
    this.#follow(current);
    this.#epoch++;
    this.#sent = 0;
    this.#endSent = false;
    void this.post({ type: "reset", session: current.info });
    this.#schedule(0);
  };

  #follow(session: TraceSession | undefined): void {
    this.#session?.off("data", this.#grown).off("end", this.#grown);
    this.#session = session;
    session?.on("data", this.#grown).on("end", this.#grown);
  }

  readonly #grown = (): void => this.#schedule(INTERVAL_MS);

  #schedule(delay: number): void {
    if (!this.#listening || this.#pumping) return;
    if (this.#timer !== undefined && delay > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#pump();
    }, delay);
  }

  /** Sends message after message, each when the one before has arrived, until the page has everything. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (let message = this.#next(); message !== undefined; message = this.#next()) {
        const epoch = this.#epoch;
        const arrived = await this.post(message);
        if (!arrived && epoch === this.#epoch) this.#listening = false;
        if (!this.#listening) return;
      }
    } finally {
      this.#pumping = false;
    }
  }

  #next(): HostToViewer | undefined {
    const session = this.#session;
    if (session === undefined) return undefined;
    const { batches, end } = session;
    if (this.#sent < batches.length) {
      return { type: "batch", session: session.id, bytes: this.#take(session) };
    }
    if (end === undefined || this.#endSent) return undefined;
    this.#endSent = true;
    return { type: "ended", session: session.id, ...end };
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
