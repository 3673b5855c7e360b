import {
  type DeadlockReport,
  EndReason,
  findDeadlocks,
  type HostToViewer,
  type LeakedTask,
  type SessionEnd,
  type SessionInfo,
  StreamReader,
  TraceFormatError,
  TraceStore,
  waitingTasks,
} from "@lockscope/trace";

export type SessionState = "empty" | "live" | "ended" | "stuck" | "broken";

export interface Trouble {
  readonly report: DeadlockReport;
  /** Tasks left waiting when the program ended, whatever for. */
  readonly leaked: readonly LeakedTask[];
}

const DAY_MS = 86_400_000;

/** The trace on show: its store, and what its host says about it. */
export class Session {
  info: SessionInfo | undefined;
  list: readonly SessionInfo[] = [];
  store = new TraceStore();
  hostEnd: { readonly reason: SessionEnd; readonly exitCode?: number; readonly message?: string } | undefined;
  /** Rises with every change, also with a new store. */
  version = 0;
  #reader = new StreamReader({ prelude: false });
  #arrival = 0;
  #trouble: { readonly key: string; readonly value: Trouble } | undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  receive(message: HostToViewer): void {
    switch (message.type) {
      case "reset":
        this.info = message.session;
        this.store = new TraceStore();
        this.hostEnd = undefined;
        this.#reader = new StreamReader({ prelude: false });
        this.#trouble = undefined;
        break;
      case "batch":
        if (message.session !== this.info?.id || this.hostEnd?.reason === "malformed") return;
        this.#append(message.bytes);
        break;
      case "ended":
        if (message.session !== this.info?.id || this.hostEnd?.reason === "malformed") return;
        this.hostEnd = message;
        break;
      case "sessions":
        this.list = message.list;
        break;
    }
    this.version++;
    this.#onChange();
  }

  get state(): SessionState {
    if (this.info === undefined) return "empty";
    if (this.store.end?.reason === EndReason.stuck || this.hostEnd?.reason === "stuck") return "stuck";
    if (this.hostEnd?.reason === "broken" || this.hostEnd?.reason === "malformed") return "broken";
    return this.hostEnd !== undefined || this.store.end !== undefined ? "ended" : "live";
  }

  /** The present of the trace: the program's clock while it runs, its last moment afterwards. */
  get now(): number {
    const { store } = this;
    if (this.state !== "live") return store.endTime;
    const start = this.info?.meta?.start ?? 0;
    const byClock = Date.now() - start;
    // A clock on another machine may be off; then count from the last arrival.
    if (start > 0 && byClock >= store.endTime && byClock < store.endTime + DAY_MS) return byClock;
    return store.eventCount === 0 ? 0 : store.endTime + (performance.now() - this.#arrival);
  }

  /** Deadlocks so far; computed anew only when somebody began or ceased to wait or hold. */
  get trouble(): Trouble {
    const { live } = this.store;
    const stuck = this.state === "stuck";
    const key = `${live.graphVersion} ${stuck}`;
    if (this.#trouble?.key !== key) {
      const report = findDeadlocks(live, { ended: stuck });
      this.#trouble = { key, value: { report, leaked: stuck ? waitingTasks(live) : [] } };
    }
    return this.#trouble.value;
  }

  #append(bytes: ArrayBuffer): void {
    this.#arrival = performance.now();
    try {
      for (const batch of this.#reader.push(new Uint8Array(bytes))) this.store.append(batch);
      const { error } = this.#reader.end();
      if (error !== undefined) throw error;
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      this.hostEnd = { reason: "malformed", message: error.message };
    }
  }
}
