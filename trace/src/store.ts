import { applyEvent } from "./apply-event.js";
import { Checkpoint, lockLike, taskLike } from "./checkpoint.js";
import { TraceFollower } from "./follower.js";
import { LiveState } from "./live-state.js";
import { Recording } from "./recording.js";
import { type RecordedBatch, rowTime, type TraceEvent } from "./row-decoder.js";

/** Rows between two checkpoints, at least; and more, so that the checkpoints of many tasks do not outweigh the rows. */
const CHECKPOINT_ROWS = 50_000;
const CHECKPOINT_ROWS_PER_THING = 4;

/** The state before a stretch of the recording. */
interface Waypoint {
  readonly stretch: number;
  /** When the stretch begins: all that came before it is not later. */
  readonly time: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Everything a trace has said so far, and what follows from it: who holds and who waits right now, the lanes of
 * the timeline, and the rows themselves, to be gone through again. Append-only.
 */
export class TraceStore extends TraceFollower {
  readonly #recording = new Recording();
  readonly #waypoints: Waypoint[] = [];
  readonly #checkpointRows: number;
  #nextWaypoint = 0;
  #lossy = false;

  /** @param options.checkpointRows so many rows, at most, {@link stateAt} has to go through, if tasks are few */
  constructor(options: { readonly checkpointRows?: number } = {}) {
    super(new LiveState());
    this.#checkpointRows = options.checkpointRows ?? CHECKPOINT_ROWS;
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

  /**
   * The state that all rows not later than `time` (milliseconds) lead to. Its tasks and locks have the ids, names
   * and places of those in `live`, no lanes, and no totals by site. It is nobody else's: it may be led on with
   * {@link eventsBetween} and `applyEvent`. O(tasks + locks + rows since the checkpoint before).
   */
  stateAt(time: number): LiveState {
    const state = new LiveState({ history: false });
    for (const task of this.live.tasks) if (task.started <= time) taskLike(state, task);
    for (const lock of this.live.locks) if (lock.met <= time) lockLike(state, lock);
    const waypoint = this.#waypoints.findLast((one) => one.time <= time);
    waypoint?.checkpoint.restore(state, this.live);
    const apply = (event: TraceEvent) => applyEvent(state, event);
    this.#recording.between(Number.NEGATIVE_INFINITY, time, apply, waypoint?.stretch ?? 0);
    return state;
  }

  protected override applyRows(recorded: RecordedBatch, from: number, to: number): void {
    if (this.eventCount >= this.#nextWaypoint || this.live.lossy !== this.#lossy) {
      this.#takeWaypoint(rowTime(recorded.batch, from));
    }
    this.late = Number.POSITIVE_INFINITY;
    super.applyRows(recorded, from, to);
    this.#recording.add(recorded, from, to, this.endTime, this.late);
  }

  #takeWaypoint(next: number): void {
    const { live } = this;
    this.#lossy = live.lossy;
    this.#waypoints.push({
      stretch: this.#recording.length,
      time: Math.max(next, this.endTime),
      checkpoint: new Checkpoint(live),
    });
    const things = live.tasks.length + live.locks.length;
    this.#nextWaypoint = this.eventCount + Math.max(this.#checkpointRows, CHECKPOINT_ROWS_PER_THING * things);
  }
}
