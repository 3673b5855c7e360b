import { applyEvent } from "../apply-event.js";
import { lockLike, taskLike } from "../checkpoint.js";
import type { LiveObserver } from "../live-observer.js";
import type { LiveState } from "../live-state.js";
import type { TraceEvent } from "../row-decoder.js";
import type { TraceStore } from "../store.js";

/**
 * Goes through rows once more, upon the state before them. Its tasks and locks are others than those of the store,
 * with the same ids.
 */
export class Replay {
  readonly live: LiveState;
  readonly #store: TraceStore;
  #time: number;

  /**
   * @param after the time whose state it begins with, in milliseconds
   * @param observer is told of the holds and waits that begin and end from there on
   */
  constructor(store: TraceStore, after: number, observer?: LiveObserver) {
    this.#store = store;
    this.#time = after;
    this.live = store.stateAt(after);
    // What a row means depends on the kind of its lock, which is known of all that there will ever be.
    for (const lock of store.live.locks) lockLike(this.live, lock);
    for (const task of store.live.tasks) taskLike(this.live, task);
    this.live.observer = observer;
  }

  /**
   * Applies the rows up to `until`, which it includes. O(rows)
   * @param visit is told of each row before it is applied; the event object is reused
   */
  advance(until: number, visit?: (event: TraceEvent) => void): void {
    this.#store.eventsBetween(this.#time, until, (event) => {
      visit?.(event);
      applyEvent(this.live, event);
    });
    this.#time = until;
  }
}
