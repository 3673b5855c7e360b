const number = new Intl.NumberFormat("en");

export const formatCount = (value: number): string => number.format(value);

export const plural = (value: number, one: string): string =>
  `${formatCount(value)} ${value === 1 ? one : `${one}s`}`;

/** In the unit that suits: `412 ns`, `1.5 ms`, `12.3 s`, `4 min 5 s`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms <= 0) return "0";
  if (ms < 1e-3) return `${Math.round(ms * 1e6)} ns`;
  if (ms < 1) return `${digits(ms * 1e3)} µs`;
  if (ms < 1e3) return `${digits(ms)} ms`;
  if (ms < 60e3) return `${digits(ms / 1e3)} s`;
  const seconds = Math.round(ms / 1e3);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const digits = (value: number): string => value.toFixed(value >= 100 ? 0 : 1);
