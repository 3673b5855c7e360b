import { EventEmitter } from "node:events";
import type { TraceSession } from "./session.js";

/** Ended sessions beyond this many are forgotten, oldest first. */
const MAX_ENDED = 8;

/**
 * The traced processes of this window, and the one that is looked at. The first process of a launch becomes the
 * current one; those that it starts do when it has ended, or as long as it has shown nothing.
 *
 * `list` is emitted when the list or the choice has changed.
 */
export class Sessions extends EventEmitter<{ list: []; added: [TraceSession] }> {
  readonly #all = new Map<string, TraceSession>();
  #current: TraceSession | undefined;

  get all(): readonly TraceSession[] {
    return [...this.#all.values()];
  }

  get current(): TraceSession | undefined {
    return this.#current;
  }

  add(session: TraceSession): void {
    this.#all.set(session.id, session);
    this.#forgetOld();
    const current = this.#current;
    const sameLaunch = session.prelude.token === current?.prelude.token;
    if (current === undefined || current.end !== undefined || !sameLaunch) this.#current = session;
    else if (current.batches.length === 0) this.#yieldTo(session);
    this.emit("added", session);
    this.emit("list");
  }

  /** Adds one of an earlier time, which is looked at only while there is no other. */
  addEarlier(session: TraceSession): void {
    const current = this.#current;
    this.add(session);
    if (current !== undefined) this.select(current.id);
  }

  /** Makes this session the current one; an unknown id changes nothing. */
  select(id: string): void {
    const session = this.#all.get(id);
    if (session === undefined || session === this.#current) return;
    this.#current = session;
    this.emit("list");
  }

  /** From now on there is this session and no other. */
  replaceAll(session: TraceSession): void {
    this.#all.clear();
    this.#current = undefined;
    this.add(session);
  }

  find(id: string): TraceSession | undefined {
    return this.#all.get(id);
  }

  /** A process that is silent so far (a package manager that starts the program) makes way when another speaks. */
  #yieldTo(session: TraceSession): void {
    const silent = this.#current;
    session.once("data", () => {
      if (this.#current === silent && silent?.batches.length === 0) this.select(session.id);
    });
  }

  #forgetOld(): void {
    const ended = this.all.filter((session) => session.end !== undefined && session !== this.#current);
    for (const session of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) this.#all.delete(session.id);
  }
}
