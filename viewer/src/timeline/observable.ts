/** Something that others follow: they are called whenever it has changed. */
export class Observable {
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` at once after each change, until the function returned is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
