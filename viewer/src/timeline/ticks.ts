import { formatInstantTo } from "../model/instant.js";

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

/** What stands on the axis. */
export interface AxisLabels {
  /** What all labels count from; `undefined`: they are instants. */
  readonly base: string | undefined;
  readonly labels: readonly string[];
}

/** Labels with more digits than this say less than how far it is from a round instant nearby. */
const MAX_STEPS = 10_000;
const BASE_STEPS = 1000;

/** Late in a long trace, close up, `5.524 s` and `+50.2 µs` rather than `5524050.2 µs`. */
export function axisLabels({ step, times }: Ticks): AxisLabels {
  const [first = 0] = times;
  if (first < MAX_STEPS * step)
    return { base: undefined, labels: times.map((time) => tickLabel(time, step)) };
  const baseStep = 10 ** Math.ceil(Math.log10(step * BASE_STEPS));
  const base = Math.floor(first / baseStep) * baseStep;
  return {
    base: formatInstantTo(base, baseStep),
    labels: times.map((time) => `+${tickLabel(time - base, step)}`),
  };
}

/** `time` in the unit of the step, without more digits than the step has: `12.5 ms`, `3 s`, `1 h 10 min`. */
export function tickLabel(time: number, step: number): string {
  if (step >= MINUTE) return minutesText(Math.round(time / MINUTE));
  if (step >= SECONDS_FROM && time >= 2 * MINUTE) return formatInstantTo(time, step);
  const unit = units.find(({ from }) => step >= from)!;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step / unit.ms) - 1e-9));
  return `${(time / unit.ms).toFixed(decimals)} ${unit.name}`;
}

function minutesText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const SECONDS_FROM = 100;

/** The unit for steps `from` so many milliseconds on. */
const units = [
  { name: "s", ms: 1000, from: SECONDS_FROM },
  { name: "ms", ms: 1, from: 0.1 },
  { name: "µs", ms: 0.001, from: 0 },
];
