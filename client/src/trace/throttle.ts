/** Calls `action` soon after `ask()` was called, however often, and not more often than every `intervalMs`. */
export class Throttle {
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly intervalMs: number,
    private readonly action: () => void,
  ) {}

  readonly ask = (): void => {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = performance.now();
        this.action();
      },
      Math.max(0, this.#last + this.intervalMs - performance.now()),
    );
  };

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
