/** How long edits are gathered before the client is asked to pull everything again. */
const quietMs = 300;

/** Asks a pull client to ask again, once for a burst of changes that reach beyond the document being edited. */
export class Refresher {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly refresh: () => void) {}

  schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.refresh, quietMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
