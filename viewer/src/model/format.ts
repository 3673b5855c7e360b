import type { Site } from "@lockscope/trace";
import { formatInstantTo } from "./instant.js";

export { formatCount, formatDuration, lockTypeText as formatKind, plural } from "@lockscope/trace";

/** In milliseconds. */
const MICROSECOND = 1e-3;

/** An instant of the trace, to the microsecond, however late: `12.345 ms`, `3.204440 s`. */
export const formatInstant = (ms: number): string => formatInstantTo(ms, MICROSECOND);

/** `bank.ts:12`. */
export const formatPlace = ({ file, line }: Pick<Site, "file" | "line">): string =>
  isInline(file) ? "inline code" : `${shortened(baseName(file))}:${line}`;

/** The file is no file but the code itself, as loaders hand it to a worker: nothing to be read or opened. */
export const isInline = (file: string): boolean => file.startsWith("data:");

/** A trace may call anything a file: what stands in a sentence must not fill the page. */
const MAX_NAME = 60;

const shortened = (name: string): string =>
  name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME / 2)}…${name.slice(-MAX_NAME / 2)}`;

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
