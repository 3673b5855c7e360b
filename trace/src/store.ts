import { TraceFollower } from "./follower.js";
import { LiveState } from "./live-state.js";
import { Recording } from "./recording.js";
import type { RecordedBatch, TraceEvent } from "./row-decoder.js";

/**
 * Everything a trace has said so far, and what follows from it: who holds and who waits right now, the lanes of
 * the timeline, and the rows themselves, to be gone through again. Append-only.
 */
export class TraceStore extends TraceFollower {
  readonly #recording = new Recording();

  constructor() {
    super(new LiveState());
  }

  /** Goes through all rows again, in the order in which they were applied. The event object is reused. */
  forEachEvent(visit: (event: TraceEvent) => void): void {
    this.#recording.forEach(visit);
  }

  /**
   * Goes through the rows later than `after` and not later than `until` (milliseconds): what leads from the state
   * at the one time to that at the other. The event object is reused. O(log batches + rows visited).
   */
  eventsBetween(after: number, until: number, visit: (event: TraceEvent) => void): void {
    this.#recording.between(after, until, visit);
  }

  protected override applyRows(recorded: RecordedBatch, from: number, to: number): void {
    this.late = Number.POSITIVE_INFINITY;
    super.applyRows(recorded, from, to);
    this.#recording.add(recorded, from, to, this.endTime, this.late);
  }
}
