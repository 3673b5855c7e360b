import type { SiteTable } from "@lockscope/trace";

/** The places of the calls that led to a place, the nearest first, `limit` at most. */
export function callersOf(sites: SiteTable, site: number, limit: number): number[] {
  const callers: number[] = [];
  for (let at = sites.parentOf(site); at !== 0 && callers.length < limit; at = sites.parentOf(at)) {
    callers.push(at);
  }
  return callers;
}
