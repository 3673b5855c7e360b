/** Numbers for people, wherever a trace is spoken of. */

const count = new Intl.NumberFormat("en");

export const formatCount = (value: number): string => count.format(value);

/** `1 task`, `12,345 tasks` */
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

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
