import type { SiteTable } from "@lockscope/trace";
import { isInline } from "./format.js";

/** The places of the calls that led to a place, as far as they can be looked at, the nearest first, `limit` at most. */
export function callersOf(sites: SiteTable, site: number, limit: number): number[] {
  const callers: number[] = [];
  for (let at = sites.parentOf(site); at !== 0 && callers.length < limit; at = sites.parentOf(at)) {
    if (!isInline(sites.get(at)?.file ?? "")) callers.push(at);
  }
  return callers;
}
