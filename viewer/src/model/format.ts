import { formatDuration, type Site } from "@lockscope/trace";

export { formatCount, formatDuration, lockTypeText as formatKind, plural } from "@lockscope/trace";

/** An instant of the trace, precise enough to tell it from its neighbours: `12.345 ms`, `3.204 s`. */
export function formatInstant(ms: number): string {
  if (ms < 1e3) return `${ms.toFixed(3)} ms`;
  if (ms < 100e3) return `${(ms / 1e3).toFixed(3)} s`;
  return formatDuration(ms);
}

/** `bank.ts:12`. */
export const formatPlace = (site: Pick<Site, "file" | "line">): string =>
  `${baseName(site.file)}:${site.line}`;

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
