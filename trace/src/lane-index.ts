import { rankOf } from "./rank.js";
import { SegmentForest } from "./segments.js";
import type { SpanColumns } from "./spans.js";

/**
 * What finding and drawing the spans of a long lane needs: their starts once more, side by side (those in the
 * columns of a large trace lie megabytes apart), and the forest of their ranks. Brought up to date when it is asked
 * for, so that a lane that nobody looks at costs nothing.
 */
export class LaneIndex {
  /** What lies behind {@link length} means nothing. */
  starts = new Float64Array(0);
  readonly ranks = new SegmentForest();

  /** How many spans it knows. */
  get length(): number {
    return this.ranks.length;
  }

  /** Takes in the spans up to the one at position `count - 1`, which must not change any more. */
  extend(spans: Uint32Array, columns: SpanColumns, count: number): void {
    if (count > this.starts.length) {
      const grown = new Float64Array(Math.max(count, 2 * this.starts.length));
      grown.set(this.starts);
      this.starts = grown;
    }
    for (let position = this.length; position < count; position++) {
      const span = spans[position]!;
      this.starts[position] = columns.start[span]!;
      this.ranks.push(rankOf(columns.severity[span]!, columns.waiters[span]!));
    }
  }
}
