/** A frame or two of a page that is busy: longer, and what the user does seems to be stuck. */
const TURN_MS = 30;

/** Long work in pieces, between which the page may draw and hears its user. */
export class Turns {
  #began = performance.now();

  /** To be awaited after each step. Gives way when the work has gone on for long enough. */
  async next(): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#began = performance.now();
  }
}
