import {
  type DeadlockCycle,
  EndReason,
  findDeadlocks,
  formatDuration,
  type LockState,
  placeText,
  type Site,
  type TaskState,
  type Wait,
} from "@lockscope/trace";
import type { TraceSession } from "../trace/session.js";
import type { LockNode } from "./lock-node.js";
import { waitNames } from "./lock-words.js";

export interface TreeMoment {
  /** The time up to which waits and holds that are under way are counted. */
  readonly now: number;
  /** A debugger holds the program in this task. */
  readonly stoppedTask?: number | undefined;
}

/** What the entries of the tree have in common: a session at a moment, who is stuck then, and the words for it. */
export class TreeScene {
  readonly session: TraceSession;
  readonly now: number;
  readonly stoppedTask: number | undefined;
  /** Those that are certain. */
  readonly deadlocks: readonly DeadlockCycle[];
  readonly #stuck = new Set<LockState | TaskState | undefined>();

  constructor(session: TraceSession, { now, stoppedTask }: TreeMoment) {
    this.session = session;
    this.now = now;
    this.stoppedTask = stoppedTask;
    const { live, end } = session.store;
    const { cycles } = findDeadlocks(live, { ended: end?.reason === EndReason.stuck });
    this.deadlocks = cycles.filter(({ certain }) => certain);
    for (const { from, wait } of this.deadlocks.flatMap(({ edges }) => edges)) {
      this.#stuck.add(from).add(wait.lock);
    }
  }

  /** It is part of a deadlock. */
  isStuck(thing: LockState | TaskState): boolean {
    return this.#stuck.has(thing);
  }

  waitText({ lock, joins, mode, since }: Wait): string {
    const what =
      joins !== undefined ? `the end of ${joins.name}` : lock !== undefined ? lock.name : waitNames[mode];
    return `has waited ${this.since(since)} for ${what ?? "nothing"}`;
  }

  /** How long that is ago. */
  since(time: number): string {
    return formatDuration(this.now - time);
  }

  /** Nothing where the place is not known. */
  where(site: number, before = ", "): string {
    const place = this.session.store.sites.get(site);
    return place === undefined ? "" : `${before}${placeText(place)}`;
  }

  at(site: number): { place?: Site } {
    const place = this.session.store.sites.get(site);
    return place === undefined ? {} : { place };
  }

  detail(id: string, site: number): Pick<LockNode, "id" | "kind" | "place"> {
    return { id, kind: "detail", ...this.at(site) };
  }
}
