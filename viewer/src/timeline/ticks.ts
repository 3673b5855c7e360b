/** Instants for the labels of a time axis. */
export interface Ticks {
  readonly step: number;
  readonly times: readonly number[];
}

/** More than fit on any screen; past the precision of a double, counting on would never come to an end. */
const MAX_TICKS = 1000;

/** Round instants (1, 2 or 5 times a power of ten; minutes beyond that) at least `minGapMs` apart. */
export function ticks(start: number, end: number, minGapMs: number): Ticks {
  const step = roundStep(minGapMs);
  const first = Math.ceil(start / step);
  const count = Math.min(MAX_TICKS, Math.floor(end / step) - first + 1);
  const times = Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
  return { step, times };
}

const MINUTE = 60_000;
const longSteps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * MINUTE);

function roundStep(least: number): number {
  if (least > 30_000)
    return longSteps.find((step) => step >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000;
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  return 10 * power;
}

/** `time` in the unit of the step, without more digits than the step has: `12.5 ms`, `3 s`. */
export function tickLabel(time: number, step: number): string {
  const unit = units.find(({ from }) => step >= from)!;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step / unit.ms) - 1e-9));
  return `${(time / unit.ms).toFixed(decimals)} ${unit.name}`;
}

/** The unit for steps `from` so many milliseconds on. */
const units = [
  { name: "min", ms: MINUTE, from: MINUTE },
  { name: "s", ms: 1000, from: 100 },
  { name: "ms", ms: 1, from: 0.1 },
  { name: "µs", ms: 0.001, from: 0 },
];
