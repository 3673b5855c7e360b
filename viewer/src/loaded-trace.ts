import {
  EndReason,
  type HostToViewer,
  type SessionInfo,
  StreamReader,
  TraceFormatError,
  TraceStore,
} from "@lockscope/trace";

type Message<T extends HostToViewer["type"]> = Extract<HostToViewer, { readonly type: T }>;

/** A trace that arrives in messages: its store, and what its host says about it. */
export class LoadedTrace {
  readonly info: SessionInfo;
  readonly store = new TraceStore();
  end: Pick<Message<"ended">, "reason" | "exitCode" | "message"> | undefined;
  /** When the last batch arrived, by `performance.now()`. */
  arrival = 0;
  #read = 0;
  #left = 0;
  /** All that its host had at hand has come once: what comes since is news. */
  #caughtUp = false;
  readonly #reader = new StreamReader({ prelude: false });

  constructor(info: SessionInfo) {
    this.info = info;
  }

  /** Takes what belongs to this trace; returns false for anything else, and for what comes after damage. */
  receive(message: Message<"batch"> | Message<"ended">): boolean {
    if (message.session !== this.info.id || this.end?.reason === "malformed") return false;
    if (message.type === "batch") {
      this.#read += message.bytes.byteLength;
      this.#left = message.left ?? 0;
      this.#caughtUp ||= this.#left === 0;
      this.#append(message.bytes);
    } else {
      this.store.finish();
      this.end = message;
    }
    return true;
  }

  /** Which part of what its host has at hand has come, 0 to 1; `undefined`: all of it, once. */
  get loaded(): number | undefined {
    if (this.#caughtUp || this.#read === 0 || this.end !== undefined) return undefined;
    return this.#read / (this.#read + this.#left);
  }

  /** The program ended, and tasks still wait. */
  get stuck(): boolean {
    return this.store.end?.reason === EndReason.stuck || this.end?.reason === "stuck";
  }

  #append(bytes: ArrayBuffer): void {
    this.arrival = performance.now();
    try {
      for (const batch of this.#reader.push(new Uint8Array(bytes))) this.store.append(batch);
      const { error } = this.#reader.end();
      if (error !== undefined) throw error;
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      this.end = { reason: "malformed", message: error.message };
    }
  }
}
