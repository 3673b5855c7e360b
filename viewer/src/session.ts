import {
  type Alarm,
  DEFAULT_THRESHOLDS,
  EndReason,
  type HostToViewer,
  type OrderWatch,
  programClock,
  type SessionInfo,
  type StaticFinding,
  type Thresholds,
  TraceStore,
} from "@lockscope/trace";
import { Detectors } from "./detectors.js";
import { LoadedTrace } from "./loaded-trace.js";
import type { Focus } from "./model/focus.js";
import type { Moment } from "./model/moment.js";
import { Pace } from "./model/pace.js";
import { NO_TROUBLE, type Trouble, troubleOf } from "./model/trouble.js";
import type { TabId } from "./view-state.js";

export type SessionState = "empty" | "loading" | "live" | "ended" | "stuck" | "broken";

/** A debugger holds the program. */
export interface Stop {
  /** Id of the task that it stopped in, where that is known. */
  readonly task: number | undefined;
  readonly reason: string;
  /** The page's present for as long as it lasts, in milliseconds since the program's time origin. */
  readonly time: number;
}

/** The trace on show, and what its host says about it. */
export class Session {
  list: readonly SessionInfo[] = [];
  /** A second trace, to compare the first one with. */
  other: LoadedTrace | undefined;
  stopped: Stop | undefined;
  /** What static analysis says near the locks of this trace. */
  findings: readonly StaticFinding[] = [];
  /** As the host has them set; `undefined`: it did not say. */
  thresholds: Thresholds | undefined;
  /** What the host last asked to be shown: a new object each time. */
  asked: { readonly focus?: Focus; readonly tab?: TabId } | undefined;
  /** Rises with every change, also with a new store. */
  version = 0;
  #trace: LoadedTrace | undefined;
  #detectors: Detectors | undefined;
  #judgeBy: Thresholds = DEFAULT_THRESHOLDS;
  #past: { readonly key: string; readonly store: TraceStore; readonly moment: Moment } | undefined;
  #trouble: { readonly key: string; readonly store: TraceStore; readonly value: Trouble } | undefined;
  readonly #troublePace = new Pace();
  readonly #detectorPace = new Pace();
  readonly #nothing = new TraceStore();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  receive(message: HostToViewer): void {
    if (!this.#take(message)) return;
    this.version++;
    this.#onChange();
  }

  get info(): SessionInfo | undefined {
    return this.#trace?.info;
  }

  get store(): TraceStore {
    return this.#trace?.store ?? this.#nothing;
  }

  /** Which part of a trace that is loading has come, 0 to 1. */
  get loaded(): number | undefined {
    return this.#trace?.loaded;
  }

  get hostEnd(): LoadedTrace["end"] {
    return this.#trace?.end;
  }

  /** What the detectors have found so far. */
  get alarms(): readonly Alarm[] {
    return this.#detectors?.alarms ?? [];
  }

  /** The orders in which locks were taken so far. */
  get orders(): OrderWatch | undefined {
    return this.#detectors?.orders;
  }

  /** Has the detectors look at what has come, by these thresholds. */
  look(thresholds: Thresholds): void {
    this.#judgeBy = thresholds;
    const detectors = this.#detectors;
    if (this.#trace === undefined || detectors === undefined) return;
    detectors.thresholds = thresholds;
    const { state } = this;
    // What a trace in its middle seems to come to may be over by its end.
    if (state === "loading" || (state === "live" && !this.#detectorPace.isDue)) return;
    // What is known has lasted for as long as the program has said so, not until it has arrived here.
    this.#detectorPace.run(() => detectors.look(Math.min(this.now, this.store.completeTime)));
  }

  get state(): SessionState {
    if (this.#trace === undefined) return "empty";
    const { stuck, end, store, loaded } = this.#trace;
    if (loaded !== undefined) return "loading";
    if (stuck) return "stuck";
    if (end?.reason === "broken" || end?.reason === "malformed") return "broken";
    return end !== undefined || store.end !== undefined ? "ended" : "live";
  }

  /**
   * The present of the trace: the program's clock while it runs, the moment at which a debugger stopped it, its last
   * moment afterwards.
   */
  get now(): number {
    const { store } = this;
    if (this.state !== "live") return store.endTime;
    return this.stopped === undefined ? this.#clock : Math.max(this.stopped.time, store.endTime);
  }

  /** The state at an instant; `undefined`: at the end of what has come so far. */
  moment(time: number | undefined): Moment {
    const { store } = this;
    if (time === undefined || time >= this.now) {
      return { time: this.now, live: store.live, present: true, trouble: this.trouble };
    }
    const key = time < store.endTime ? `${time}` : `${time} ${store.eventCount}`;
    if (this.#past?.key !== key || this.#past.store !== store) {
      const live = store.stateAt(time);
      const ended = store.end?.reason === EndReason.stuck && time >= store.end.time;
      const moment = { time, live, present: false, trouble: troubleOf(live, ended) };
      this.#past = { key, store, moment };
    }
    return this.#past.moment;
  }

  /**
   * Deadlocks so far; looked for anew only when somebody began or ceased to wait or hold, and while the program runs
   * only as often as a crowd of waiting tasks allows. Not before a trace has loaded.
   */
  get trouble(): Trouble {
    const { store } = this;
    if (this.state === "loading") return NO_TROUBLE;
    const stuck = this.state === "stuck";
    const key = `${store.live.graphVersion} ${stuck}`;
    const last = this.#trouble?.store === store ? this.#trouble : undefined;
    if (last?.key === key || (last !== undefined && this.state === "live" && !this.#troublePace.isDue)) {
      return last.value;
    }
    const value = this.#troublePace.run(() => troubleOf(store.live, stuck));
    this.#trouble = { key, store, value };
    return value;
  }

  get #clock(): number {
    const { store } = this;
    const byClock = programClock(this.info?.meta?.start ?? 0, store.endTime, Date.now());
    if (byClock !== undefined) return byClock;
    // Then it is counted from the last arrival.
    const arrival = this.#trace?.arrival ?? 0;
    return store.eventCount === 0 ? 0 : store.completeTime + (performance.now() - arrival);
  }

  /** False if the message changes nothing. */
  #take(message: HostToViewer): boolean {
    switch (message.type) {
      case "reset":
        this.#trace = new LoadedTrace(message.session);
        this.#detectors = new Detectors(this.#trace.store, this.#judgeBy);
        this.other = undefined;
        this.stopped = undefined;
        this.findings = [];
        return true;
      case "batch":
      case "ended":
        return this.#trace?.receive(message) === true || this.other?.receive(message) === true;
      case "sessions":
        this.list = message.list;
        return true;
      case "other":
        this.other = new LoadedTrace(message.session);
        return true;
      case "stopped":
        if (message.session !== this.info?.id) return false;
        this.stopped = { task: message.task, reason: message.reason, time: message.time };
        return true;
      case "continued":
        if (message.session !== this.info?.id) return false;
        if (this.stopped !== undefined) this.#detectors?.stoodStill(this.stopped.time, this.#clock);
        this.stopped = undefined;
        return true;
      case "findings":
        if (message.session !== this.info?.id) return false;
        this.findings = message.list;
        return true;
      case "thresholds":
        this.thresholds = message;
        return true;
      case "focus-lock":
        this.asked = { focus: { type: "lock", id: message.id } };
        return true;
      case "focus-task":
        this.asked = { focus: { type: "task", id: message.id } };
        return true;
      case "focus-place":
        this.asked = { focus: { type: "place", file: message.file, line: message.line }, tab: "events" };
        return true;
      case "focus-comparison":
        this.asked = { tab: "compare" };
        return true;
    }
  }
}
