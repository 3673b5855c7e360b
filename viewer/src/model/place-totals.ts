import type { Site, TraceStore } from "@lockscope/trace";

export interface PlaceTotals {
  readonly acquisitions: number;
  readonly contended: number;
  /** Milliseconds, as the next one. */
  readonly maxWait: number;
  readonly maxHold: number;
}

/** Whether a place lies in this line of a file; hosts and programs may write the same path in different case. */
export const isInLine = (site: Site | undefined, file: string, line: number): boolean =>
  site !== undefined && site.line === line && site.file.toLowerCase().endsWith(file.toLowerCase());

/** What the operations of a line have come to so far. O(sites). */
export function placeTotals(store: TraceStore, file: string, line: number): PlaceTotals {
  const { siteTotals } = store.live;
  const total = { acquisitions: 0, contended: 0, maxWait: 0, maxHold: 0 };
  for (let number = 1, site = store.sites.get(number); site !== undefined; site = store.sites.get(++number)) {
    if (!isInLine(site, file, line)) continue;
    total.acquisitions += siteTotals.acquisitions[number] ?? 0;
    total.contended += siteTotals.contended[number] ?? 0;
    total.maxWait = Math.max(total.maxWait, siteTotals.maxWait[number] ?? 0);
    total.maxHold = Math.max(total.maxHold, siteTotals.maxHold[number] ?? 0);
  }
  return total;
}
