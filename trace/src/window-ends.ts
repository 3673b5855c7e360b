import type { TraceStore } from "./store.js";

/** So many rows are gone through in one go, if they are spread evenly over the time. */
const ROWS = 20_000;

/** Times that cut a trace into pieces: each one's end, the last one's being that of all time. */
export function* windowEnds({ eventCount, startTime, endTime }: TraceStore): Generator<number> {
  const count = Math.ceil(eventCount / ROWS);
  for (let i = 1; i < count; i++) yield startTime + ((endTime - startTime) * i) / count;
  yield Number.POSITIVE_INFINITY;
}
