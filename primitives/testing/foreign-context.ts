import { Channel } from "../src/channel.js";
import type { Context } from "../src/context.js";

/** A context as a program would write it: it knows nothing of ours but the interface. */
export class ForeignContext implements Context {
  readonly done = new Channel<never>();
  readonly deadline = undefined;
  err: Error | undefined;
  /** How many listen to its signal. */
  listeners = 0;
  readonly #controller = new AbortController();

  constructor(readonly values: ReadonlyMap<unknown, unknown> = new Map()) {
    const { signal } = this;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      this.listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.listeners--;
      remove(...args);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  value<T>(key: unknown): T | undefined {
    return this.values.get(key) as T | undefined;
  }

  end(err: Error, reason: unknown = err): void {
    this.err = err;
    this.done.close();
    this.#controller.abort(reason);
  }
}

/** A context around another one, for some reason of the program's. */
export class WrappingContext implements Context {
  constructor(readonly inner: Context) {}

  get signal(): AbortSignal {
    return this.inner.signal;
  }

  get done(): Channel<never> {
    return this.inner.done;
  }

  get err(): Error | undefined {
    return this.inner.err;
  }

  get deadline(): Date | undefined {
    return this.inner.deadline;
  }

  value<T>(key: unknown): T | undefined {
    return this.inner.value(key);
  }
}
