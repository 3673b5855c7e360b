import { eventText, traceHeaderText } from "@lockscope/trace";
import type { LoadedTrace } from "./load-trace.js";

const PIECE_LENGTH = 65_536;

/** The trace as lines, in pieces: the text of a long trace is larger than a string can be. */
export function traceText({ prelude, store }: LoadedTrace): readonly string[] {
  if (prelude === undefined) return [];
  const pieces: string[] = [];
  let piece = traceHeaderText(prelude);
  store.forEachEvent((event) => {
    piece += `${eventText(store, event)}\n`;
    if (piece.length < PIECE_LENGTH) return;
    pieces.push(piece);
    piece = "";
  });
  if (store.dropped > 0) piece += `# ${store.dropped} events were dropped\n`;
  pieces.push(piece);
  return pieces;
}
