import type { Site } from "@lockscope/trace";
import { formatInstantTo } from "./instant.js";

export { formatCount, formatDuration, lockTypeText as formatKind, plural } from "@lockscope/trace";

/** In milliseconds. */
const MICROSECOND = 1e-3;

/** An instant of the trace, to the microsecond, however late: `12.345 ms`, `3.204440 s`. */
export const formatInstant = (ms: number): string => formatInstantTo(ms, MICROSECOND);

/** `bank.ts:12`. */
export const formatPlace = (site: Pick<Site, "file" | "line">): string =>
  `${baseName(site.file)}:${site.line}`;

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
