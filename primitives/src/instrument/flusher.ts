import type { MessagePort } from "node:worker_threads";
import { EndReason } from "@lockscope/trace";
import { millisecondsSince } from "./clock.js";
import { type CommonMemory, Commons, MAX_WORKERS } from "./commons.js";
import type { Endpoint, Keep, Limits } from "./config.js";
import { Crew } from "./crew.js";
import { warning } from "./flusher-words.js";
import { Judge } from "./judge.js";
import { type Outlet, openOutlet } from "./outlet.js";
import { readBatch } from "./read-batch.js";
import { Control, openRing } from "./ring.js";
import { say } from "./say.js";
import { SignalWatch } from "./signal-watch.js";

/** What the main thread hands to the flusher. */
export interface FlusherData {
  readonly lockscopeFlusher: {
    readonly commons: CommonMemory;
    /** The main thread's. */
    readonly ring: SharedArrayBuffer;
    /** null: nobody wants the trace. */
    readonly endpoint: Endpoint | null;
    /** The stream's first line. */
    readonly prelude: Uint8Array;
    readonly limits: Limits;
    readonly keep: Keep;
  };
}

/** Often enough to look live, seldom enough to cost nothing. */
const INTERVAL_MS = 20;
/** How long the end of a process that was sent a signal may be put off for what the listener has not taken yet. */
const MAX_SIGNAL_GOODBYE_MS = 400;
/** A process that ought to be gone by then is ended by force. */
const MAIN_PATIENCE_MS = 200;
/** After a round that found this much, the next one comes at once: somebody is about to fill his ring. */
const BUSY_ROWS = 4096;

/**
 * A thread of its own that carries what is in the rings of all threads to the sink, so that a traced program
 * that is busy, frozen or about to exit is seen to the end.
 */
export function flush({ lockscopeFlusher: data }: FlusherData, port: MessagePort): void {
  new Flusher(data, port);
}

class Flusher {
  readonly #data: FlusherData["lockscopeFlusher"];
  readonly #commons: Commons;
  /** The main thread's control words. */
  readonly #control: Int32Array;
  readonly #crew: Crew;
  readonly #judge: Judge;
  readonly #timer: NodeJS.Timeout;
  #outlet: Outlet | undefined;
  #ready = true;
  /** Everything that was written by then has been looked at. */
  #complete = 0;
  readonly #signals: SignalWatch | undefined;
  /** The signal that we have heard, and by which the process is to end as soon as we are done; 0: none. */
  #heard = 0;
  #hurried = false;
  #toldOfLeftOut = false;
  /** Somebody has asked for what is kept back. */
  #dumpWanted = false;
  /** Over, in order or not: nothing more is taken from the rings. */
  #over = false;

  constructor(data: FlusherData["lockscopeFlusher"], port: MessagePort) {
    this.#data = data;
    this.#commons = new Commons(data.commons);
    this.#judge = new Judge(data.limits, say);
    const ring = openRing(data.ring);
    this.#control = ring.control;
    this.#crew = new Crew(this.#commons, ring, {
      ship: (batch) => this.#ship(batch),
      isOpen: () => this.#ready && !this.#over,
      isBegun: () => this.#outlet !== undefined,
      obituary: (thread) => this.#judge.obituary(thread),
    });
    this.#timer = setInterval(this.#turn, INTERVAL_MS);
    // Any message means: look at once. It is how the main thread hurries us when it ends.
    port.on("message", this.#turn);
    if (data.endpoint !== null) this.#signals = new SignalWatch(this.#commons.signals, this.#onSignal);
    port.postMessage("up");
    this.#turn();
  }

  readonly #onSignal = (signal: number): void => {
    this.#heard = signal;
    this.#commons.signals.ending = signal;
    this.#turn();
  };

  readonly #turn = (): void => {
    if (this.#over) return;
    const signal = this.#commons.signals.ending;
    // Read before the rings are: what was written before `stop` was set, or a dump asked for, is then sure to be seen.
    const stopping = Atomics.load(this.#control, Control.stop) !== 0;
    this.#dumpWanted ||= this.#commons.takeDumpRequest();
    const began = millisecondsSince(this.#commons.origin);
    const rows = this.#crew.round(began);
    if (this.#over) return;
    if (this.#commons.leftOut > 0 && !this.#toldOfLeftOut) this.#tellLeftOut(began);
    if (this.#ready) this.#complete = began;
    // Not ready: what is left in the rings goes once the sink takes more.
    if (signal !== 0 || (stopping && this.#ready)) return this.#finish(began, signal);
    const followed = this.#judge.catchUp(INTERVAL_MS / 2);
    if (followed && !stopping) this.#look(this.#complete);
    if ((rows >= BUSY_ROWS && this.#ready) || !followed) this.#again();
  };

  /** Who is not in the trace cannot say so himself. */
  #tellLeftOut(now: number): void {
    this.#toldOfLeftOut = true;
    const text = `not all workers are traced: ${MAX_WORKERS} are, the others are left out`;
    say(`lockscope: warning: ${text}\n`);
    for (const batch of warning(this.#commons.nextThread(), now, text)) this.#ship(batch);
  }

  #ship(batch: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    for (const introduction of this.#crew.introductions()) this.#ship(introduction);
    const { endpoint } = this.#data;
    if (endpoint !== null) {
      this.#outlet ??= this.#open(endpoint);
      this.#ready = this.#outlet.write(batch, () => this.#judge.follower);
    }
    this.#judge.take(readBatch(batch));
  }

  #open(endpoint: Endpoint): Outlet {
    const { prelude, keep } = this.#data;
    const fail = (reason: string) => this.#fail(endpoint, reason);
    const outlet = openOutlet({ endpoint, keep, prelude, fail });
    outlet.onReady = () => {
      this.#ready = true;
      this.#turn();
    };
    return outlet;
  }

  /** Tells what is wrong, and hands out what was kept for such a moment. */
  #look(now: number): void {
    const deadlocks = this.#judge.look(now);
    Atomics.add(this.#control, Control.told, deadlocks);
    if (this.#dumpWanted || deadlocks > 0) this.#outlet?.dump();
    this.#dumpWanted = false;
  }

  #again(): void {
    if (this.#hurried) return;
    this.#hurried = true;
    setImmediate(() => {
      this.#hurried = false;
      this.#turn();
    });
  }

  /** @param signal by which the process ends, and of which nobody else has said so; 0: none */
  #finish(now: number, signal: number): void {
    // A stream that has not begun is not begun to say that it ends.
    if (this.#outlet !== undefined) {
      if (this.#crew.mourns) this.#judge.follower.finish();
      this.#crew.end(now, signal);
    }
    // The program may go on without us.
    this.#commons.deafen();
    this.#stop();
    if (this.#data.keep.kind === "newest") this.#dumpIfOfUse();
    if (this.#outlet === undefined) this.#done();
    else this.#outlet.end(() => this.#done());
    if (signal !== 0) setTimeout(() => this.#done(), MAX_SIGNAL_GOODBYE_MS);
  }

  /** The program has not ended well. */
  #dumpIfOfUse(): void {
    const { follower } = this.#judge;
    follower.finish();
    const reason = follower.end?.reason;
    if (reason === EndReason.stuck || reason === EndReason.uncaught) this.#outlet?.dump();
  }

  /** The program goes on untraced. */
  #fail(endpoint: Endpoint, reason: string): void {
    const early = !this.#over;
    this.#stop();
    this.#commons.deafen();
    Atomics.store(this.#control, Control.deaf, 1);
    this.#done();
    if (!early) return;
    const where = endpoint.kind === "tcp" ? `${endpoint.host}:${endpoint.port}` : endpoint.path;
    say(`lockscope: no trace, ${where} cannot be written to: ${reason}\n`);
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#timer);
    this.#signals?.close();
  }

  /** The main thread may be waiting for this; if not, the process goes on to end as it would have ended without us. */
  #done(): void {
    Atomics.store(this.#control, Control.done, 1);
    Atomics.notify(this.#control, Control.done);
    if (this.#heard === 0) return;
    process.kill(process.pid, this.#heard);
    // The main thread has been busy ever since it started us, and hears of signals in our place.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), MAIN_PATIENCE_MS);
  }
}
