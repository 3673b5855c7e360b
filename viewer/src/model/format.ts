import { type LockKind, LockKind as LockKinds, nameOf, type Site } from "@lockscope/trace";

const count = new Intl.NumberFormat("en");

export const formatCount = (value: number): string => count.format(value);

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`;

/** Three significant digits in the unit that suits: `412 ns`, `1.50 ms`, `12.3 s`, `4 min 5 s`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms <= 0) return "0";
  // The clock ticks in steps of 64 ns; less than that is no duration.
  if (ms < 1e-3) return `${Math.round(ms * 1e6)} ns`;
  if (ms < 1) return `${digits(ms * 1e3)} µs`;
  if (ms < 1e3) return `${digits(ms)} ms`;
  if (ms < 60e3) return `${digits(ms / 1e3)} s`;
  const seconds = Math.round(ms / 1e3);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** An instant of the trace, precise enough to tell it from its neighbours: `12.345 ms`, `3.204 s`. */
export function formatInstant(ms: number): string {
  if (ms < 1e3) return `${ms.toFixed(3)} ms`;
  if (ms < 100e3) return `${(ms / 1e3).toFixed(3)} s`;
  return formatDuration(ms);
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** `bank.ts:12`. */
export const formatPlace = (site: Pick<Site, "file" | "line">): string =>
  `${baseName(site.file)}:${site.line}`;

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

const kindNames: Partial<Record<LockKind, string>> = {
  [LockKinds.unknown]: "lock",
  [LockKinds.mutex]: "Mutex",
  [LockKinds.rwmutex]: "RWMutex",
  [LockKinds.waitgroup]: "WaitGroup",
  [LockKinds.errgroup]: "ErrGroup",
  [LockKinds.recursiveMutex]: "RecursiveMutex",
  [LockKinds.barrier]: "CyclicBarrier",
  [LockKinds.singleflight]: "SingleFlight",
  [LockKinds.map]: "SyncMap",
};

/** As the library's class is called. */
export function formatKind(kind: LockKind): string {
  const name = nameOf(LockKinds, kind) ?? "lock";
  return kindNames[kind] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
