import { setTimeout } from "node:timers";
import type { TaskRecord } from "../runtime/identity.js";
import type { Waiter } from "../runtime/waiter.js";
import type { CallSites } from "./call-sites.js";
import type { Break } from "./config.js";
import type { LockNotes } from "./model.js";

/** Called when the program is to stop. */
export type Stop = (task: TaskRecord | null, lock: LockNotes, why: string) => void;

/** What concerns one lock. */
interface Concern {
  /** It is waited for longer than the least of these, in milliseconds. */
  readonly waitedMs: number;
  /** It is taken while one of these is held. */
  readonly whileHolding: readonly string[];
  /** Somebody wants to know whether it is held. */
  readonly watched: boolean;
}

/** Breakpoints on locks rather than on lines. */
export class Breaks {
  readonly #list: readonly Break[];
  readonly #sites: CallSites;
  readonly #stop: Stop;
  readonly #concerns = new WeakMap<LockNotes, Concern>();
  /** Who has the locks of which somebody wants to know whether they are held. */
  readonly #held = new Map<LockNotes, (TaskRecord | null)[]>();

  constructor(list: readonly Break[], sites: CallSites, stop: Stop) {
    this.#list = list;
    this.#sites = sites;
    this.#stop = stop;
  }

  taken(task: TaskRecord | null, lock: LockNotes): void {
    const { whileHolding, watched } = this.#concernOf(lock);
    for (const [other, holders] of whileHolding.length === 0 ? [] : this.#held) {
      if (other === lock || !holders.includes(task)) continue;
      if (!whileHolding.some((name) => this.#isMeant(name, other))) continue;
      return this.#stop(task, lock, `is taken while "${other.name}" is held`);
    }
    if (!watched) return;
    const holders = this.#held.get(lock);
    if (holders === undefined) this.#held.set(lock, [task]);
    else holders.push(task);
  }

  given(task: TaskRecord | null, lock: LockNotes): void {
    const holders = this.#held.get(lock);
    if (holders === undefined) return;
    holders.splice(Math.max(0, holders.indexOf(task)), 1);
    if (holders.length === 0) this.#held.delete(lock);
  }

  /** @param lasts whether `waiter` still waits */
  waits(waiter: Waiter<never>, lock: LockNotes, lasts: () => boolean): void {
    const { waitedMs } = this.#concernOf(lock);
    if (waitedMs === Number.POSITIVE_INFINITY) return;
    const look = () => {
      if (lasts()) this.#stop(waiter.task, lock, `has been waited for longer than ${waitedMs} ms`);
    };
    setTimeout(look, waitedMs).unref();
  }

  /** A thread that was blocked goes on: nothing in it could look before. */
  waited(task: TaskRecord | null, lock: LockNotes, ms: number): void {
    const { waitedMs } = this.#concernOf(lock);
    if (ms > waitedMs) this.#stop(task, lock, `was waited for longer than ${waitedMs} ms`);
  }

  #concernOf(lock: LockNotes): Concern {
    let concern = this.#concerns.get(lock);
    if (concern === undefined) {
      const list = this.#list.filter((each) => this.#isMeant(each.lock, lock));
      concern = {
        waitedMs: Math.min(...list.map(({ waitedMs }) => waitedMs ?? Number.POSITIVE_INFINITY)),
        whileHolding: list.flatMap(({ whileHolding }) => whileHolding ?? []),
        watched: this.#list.some(({ whileHolding }) => whileHolding && this.#isMeant(whileHolding, lock)),
      };
      this.#concerns.set(lock, concern);
    }
    return concern;
  }

  /** By its name, or by the end of the place where it was made: "bank.ts:12". */
  #isMeant(text: string, { name, site }: LockNotes): boolean {
    if (text === name) return true;
    const place = this.#sites.get(site);
    if (place === undefined) return false;
    return `/${place.file.replaceAll("\\", "/")}:${place.line}`.endsWith(`/${text.replaceAll("\\", "/")}`);
  }
}

/** Apart, so that it is the frame that a debugger shows. */
export function stopInDebugger(): void {
  // biome-ignore lint/suspicious/noDebugger: a breakpoint is what is asked for; nothing happens without a debugger
  debugger;
}
