import { applyEvent } from "../apply-event.js";
import { lockLike, taskLike } from "../checkpoint.js";
import type { LiveObserver } from "../live-observer.js";
import type { LiveState } from "../live-state.js";
import type { TraceEvent } from "../row-decoder.js";
import type { TraceStore } from "../store.js";

/** A state before the rows that follow it; {@link run} applies them. */
export interface Replay {
  readonly live: LiveState;
  /** @param visit is told of each row before it is applied */
  run(observer: LiveObserver, visit?: (event: TraceEvent) => void): void;
}

/**
 * Goes through the rows later than `after` and not later than `until` once more, upon the state of that time,
 * whose tasks and locks are others than those of the store, with the same ids. O(rows visited).
 */
export function replay(store: TraceStore, after: number, until: number): Replay {
  const live = store.stateAt(after);
  // What a row means depends on the kind of its lock, which is known of all that there will ever be.
  for (const lock of store.live.locks) lockLike(live, lock);
  for (const task of store.live.tasks) taskLike(live, task);
  return {
    live,
    run(observer, visit) {
      live.observer = observer;
      store.eventsBetween(after, until, (event) => {
        visit?.(event);
        applyEvent(live, event);
      });
    },
  };
}
