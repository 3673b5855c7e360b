const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  min: 60e3,
  h: 3600e3,
};

/**
 * An instant as a user writes it, in milliseconds: `12.5 ms`, `3 s`, `1 min 5 s`, `1:05.2`; a number alone is in
 * milliseconds. `undefined` if it is none.
 */
export function parseInstant(text: string): number | undefined {
  const wanted = text.trim().toLowerCase().replaceAll(",", "");
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(wanted);
  if (clock !== null) {
    const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
    return (hours * 3600 + minutes * 60 + seconds) * 1e3;
  }
  if (/^\d*\.?\d+$/.test(wanted)) return Number(wanted);
  const parts = [...wanted.matchAll(/(\d*\.?\d+)\s*([a-zµμ]+)\s*/gy)];
  const length = parts.reduce((sum, [part]) => sum + part.length, 0);
  if (parts.length === 0 || length !== wanted.length) return undefined;
  let time = 0;
  for (const [, amount, unit] of parts) {
    const factor = UNITS[unit!];
    if (factor === undefined) return undefined;
    time += Number(amount) * factor;
  }
  return time;
}

const MINUTE = 60e3;
const HOUR = 60 * MINUTE;

/**
 * An instant as {@link parseInstant} reads it, with all digits down to the precision: `12.345 ms`, `5.524050 s`,
 * `4 min 5.2 s`, `1 h 2 min 3 s`.
 * @param precision in milliseconds
 */
export function formatInstantTo(ms: number, precision: number): string {
  if (ms < 1e3) return `${ms.toFixed(decimals(precision))} ms`;
  const hours = Math.floor(ms / HOUR);
  const minutes = ms < 2 * MINUTE ? 0 : Math.floor((ms - hours * HOUR) / MINUTE);
  const seconds = (ms - hours * HOUR - minutes * MINUTE) / 1e3;
  const parts = [`${seconds.toFixed(decimals(precision / 1e3))} s`];
  if (ms >= 2 * MINUTE) parts.unshift(`${minutes} min`);
  if (hours > 0) parts.unshift(`${hours} h`);
  return parts.join(" ");
}

/** How many show differences of that size; a double has no more than these. */
const decimals = (precision: number): number =>
  Math.min(9, Math.max(0, Math.ceil(-Math.log10(precision) - 1e-9)));
