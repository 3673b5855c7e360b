import type { TraceStore } from "../store.js";

/** So many rows are written in one go, if they are spread evenly over the time. */
const ROWS = 20_000;

/** Times that cut a trace into pieces: each one's end, the last one's being that of all time. */
export function* windowEnds({ eventCount, startTime, endTime }: TraceStore): Generator<number> {
  const count = Math.ceil(eventCount / ROWS);
  for (let i = 1; i < count; i++) yield startTime + ((endTime - startTime) * i) / count;
  yield Number.POSITIVE_INFINITY;
}

/** Characters that make a piece worth handing on. */
const ENOUGH = 64 * 1024;

/** The same text in fewer pieces. */
export function* inPieces(texts: Iterable<string>): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  for (const text of texts) {
    parts.push(text);
    length += text.length;
    if (length < ENOUGH) continue;
    yield parts.join("");
    parts = [];
    length = 0;
  }
  if (length > 0) yield parts.join("");
}
