import { normalize } from "node:path";
import type { LockState, TraceStore, Wait } from "@lockscope/trace";
import { formatCount, formatDuration } from "@lockscope/trace";

/** What the operations on one source line have come to. Times in milliseconds. */
export interface LineCount {
  /** 1-based. */
  readonly line: number;
  acquisitions: number;
  contended: number;
  totalWait: number;
  /** Waits under way are counted up to now. */
  maxWait: number;
  maxHold: number;
  /** Tasks that wait there now. */
  waiting: number;
}

/** Past so many locks the waits under way are left out: looking at each would cost more than it tells. */
const MAX_LOCKS = 20_000;

/** Adds up what a trace says of source lines. Sites are sorted to their files as they become known. */
export class LineCounts {
  readonly #sites = new Map<string, number[]>();
  #seen = 1;

  constructor(readonly store: TraceStore) {}

  /** The lines of a file at which locks were taken or waited for, in order. O(sites of the file + waits). */
  of(file: string, now: number): LineCount[] {
    this.#sort();
    const { sites, live } = this.store;
    const { acquisitions, contended, totalWait, maxWait, maxHold } = live.siteTotals;
    const lines = new Map<number, LineCount>();
    for (const site of this.#sites.get(keyOf(file)) ?? []) {
      const { line } = sites.get(site)!;
      if (line < 1 || ((acquisitions[site] ?? 0) === 0 && (contended[site] ?? 0) === 0)) continue;
      const count = lines.get(line) ?? emptyCount(line);
      lines.set(line, count);
      count.acquisitions += acquisitions[site] ?? 0;
      count.contended += contended[site] ?? 0;
      count.totalWait += totalWait[site] ?? 0;
      count.maxWait = Math.max(count.maxWait, maxWait[site] ?? 0);
      count.maxHold = Math.max(count.maxHold, maxHold[site] ?? 0);
    }
    if (lines.size > 0) this.#countWaits(file, now, lines);
    return [...lines.values()].sort((a, b) => a.line - b.line);
  }

  #countWaits(file: string, now: number, lines: ReadonlyMap<number, LineCount>): void {
    const { sites, live } = this.store;
    const key = keyOf(file);
    for (const wait of waitsOf(live.locks)) {
      const place = sites.get(wait.site);
      const count = place && keyOf(place.file) === key ? lines.get(place.line) : undefined;
      if (count === undefined) continue;
      count.waiting++;
      count.maxWait = Math.max(count.maxWait, now - wait.since);
    }
  }

  #sort(): void {
    const { sites } = this.store;
    for (; this.#seen < sites.length; this.#seen++) {
      const key = keyOf(sites.get(this.#seen)!.file);
      const numbers = this.#sites.get(key);
      if (numbers === undefined) this.#sites.set(key, [this.#seen]);
      else numbers.push(this.#seen);
    }
  }
}

function* waitsOf(locks: readonly LockState[]): Iterable<Wait> {
  if (locks.length > MAX_LOCKS) return;
  for (const { waiters } of locks) yield* waiters;
}

/** `held 1,204 times, 13 with a wait, the longest 48 ms; 2 waiting now`. */
export function lineCountText(count: LineCount): string {
  const { acquisitions, contended, maxWait, waiting } = count;
  const held = acquisitions === 0 ? "" : `held ${times(acquisitions)}`;
  const waited =
    contended === 0
      ? ""
      : `${held === "" ? `waited ${times(contended)}` : `${formatCount(contended)} with a wait`}, ` +
        `longest wait ${formatDuration(maxWait)}`;
  const now = waiting === 0 ? "" : `${formatCount(waiting)} waiting now`;
  return [held, waited, now].filter((part) => part !== "").join(", ");
}

const times = (count: number) => (count === 1 ? "once" : `${formatCount(count)} times`);

const emptyCount = (line: number): LineCount => ({
  line,
  acquisitions: 0,
  contended: 0,
  totalWait: 0,
  maxWait: 0,
  maxHold: 0,
  waiting: 0,
});

/** Paths that differ only in ways that the system does not mind are one file. */
export function keyOf(file: string): string {
  const path = normalize(file);
  return process.platform === "win32" ? path.toLowerCase() : path;
}
