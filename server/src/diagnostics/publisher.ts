import { Cancelled } from "../protocol/cancellation.js";

/** How long typing must pause before open documents are checked. */
const debounceMs = 150;

/**
 * Push for clients that cannot pull: remembers which open files may have new findings and publishes them after a
 * pause. An edit in between stops the round; what it had not published stays on the list.
 */
export class Publisher {
  readonly #dirty = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #round: AbortController | undefined;

  /**
   * @param publish checks one file and sends what it found; must send nothing once the signal has aborted.
   * @param failed told when `publish` rejects for any other reason than the signal.
   */
  constructor(
    private readonly publish: (file: string, signal: AbortSignal) => Promise<void>,
    private readonly failed: (file: string, error: unknown) => void,
  ) {}

  /** `delay` 0 for a document that was just opened: nobody is typing in it yet. */
  schedule(files: Iterable<string>, delay = debounceMs): void {
    for (const file of files) this.#dirty.add(file);
    if (this.#dirty.size === 0) return;
    this.#round?.abort(new Cancelled());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), delay);
  }

  forget(file: string): void {
    this.#dirty.delete(file);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#round?.abort(new Cancelled());
    this.#dirty.clear();
  }

  async #run(): Promise<void> {
    this.#round = new AbortController();
    const { signal } = this.#round;
    for (const file of [...this.#dirty]) {
      try {
        await this.publish(file, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.failed(file, error);
      }
      if (signal.aborted) return;
      this.#dirty.delete(file);
    }
  }
}
