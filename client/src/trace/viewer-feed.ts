import type { HostToViewer, ViewerToHost } from "@lockscope/trace";
import type { TraceSession } from "./session.js";
import { SessionCursor } from "./session-cursor.js";
import type { Sessions } from "./sessions.js";

/** What is new is sent at most this often: a page draws 30 times a second at best while it is fed. */
const INTERVAL_MS = 33;

/** The page's side of the line. Resolves to false if the message did not arrive (the page is hidden or gone). */
export type PostToViewer = (message: HostToViewer) => PromiseLike<boolean>;

/** What a page is told of a session besides its events: thresholds, findings, whether a debugger holds it. */
export type Remarks = (session: TraceSession) => readonly HostToViewer[];

/**
 * Keeps one page supplied with the current session, and with another one to compare it with if the page asks for
 * that. The feed remembers how much of each the page has. A hidden page gets nothing; when it is shown it loads
 * anew, says `ready`, and gets everything.
 */
export class ViewerFeed {
  #current: SessionCursor | undefined;
  #other: SessionCursor | undefined;
  #listening = false;
  #pumping = false;
  #timer: NodeJS.Timeout | undefined;
  /** Rises when the page starts from nothing, so that a pump that is under way notices. */
  #epoch = 0;
  /** What the page is to show as soon as it listens. */
  #focus: HostToViewer | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly post: PostToViewer,
    private readonly remarks: Remarks = () => [],
  ) {
    sessions.on("list", this.#listChanged);
  }

  /** Takes what the page says about sessions; returns false for what is not the feed's business. */
  receive(message: ViewerToHost): boolean {
    switch (message.type) {
      case "ready":
        this.#begin();
        return true;
      case "select-session":
        this.sessions.select(message.id);
        return true;
      case "load": {
        const session = this.sessions.find(message.id);
        if (session !== undefined) this.compareWith(session);
        return true;
      }
      default:
        return false;
    }
  }

  /** Sends this session beside the current one, at once or as soon as the page listens. */
  compareWith(session: TraceSession): void {
    this.#unfollow(this.#other);
    this.#other = this.#followed(session);
    if (!this.#listening) return;
    void this.post({ type: "other", session: session.info });
    this.#schedule(0);
  }

  /** Tells the page something about the session on show, if it listens; it asks again when it does not. */
  tell(message: HostToViewer): void {
    if (this.#listening) void this.post(message);
  }

  /** Has the page show something, at once or as soon as it listens. */
  focus(message: HostToViewer): void {
    this.#focus = message;
    if (this.#listening) this.#sayFocus();
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

  /** The page has nothing yet, or nothing any more. */
  #begin(): void {
    const [current, other] = [this.#current?.session, this.#other?.session];
    this.#listening = true;
    this.#follow(undefined);
    this.#listChanged();
    const isAsBefore = current === undefined || current === this.#current?.session;
    if (other !== undefined && isAsBefore) this.compareWith(other);
    this.#sayFocus();
  }

  readonly #listChanged = (): void => {
    if (!this.#listening) return;
    const { all, current } = this.sessions;
    const list = all.map((session) => session.info);
    void this.post({ type: "sessions", list, ...(current && { current: current.id }) });
    if (current === this.#current?.session || current === undefined) return;
    this.#follow(current);
    void this.post({ type: "reset", session: current.info });
    for (const remark of this.remarks(current)) void this.post(remark);
    this.#schedule(0);
  };

  /** Starts from nothing with this session. */
  #follow(session: TraceSession | undefined): void {
    this.#epoch++;
    this.#unfollow(this.#current);
    this.#unfollow(this.#other);
    this.#other = undefined;
    this.#current = session && this.#followed(session);
  }

  #followed(session: TraceSession): SessionCursor {
    session.on("data", this.#grown).on("end", this.#grown);
    return new SessionCursor(session);
  }

  #unfollow(cursor: SessionCursor | undefined): void {
    cursor?.session.off("data", this.#grown).off("end", this.#grown);
  }

  #sayFocus(): void {
    if (this.#focus !== undefined) void this.post(this.#focus);
    this.#focus = undefined;
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

  readonly #next = (): HostToViewer | undefined => this.#current?.next() ?? this.#other?.next();
}
