// Woken is not the same as ready: the condition is looked at again.
import { Cond, Mutex } from "@lockscope/sync";

declare function use(item: string): void;

export class Queue {
  readonly #mu = new Mutex();
  readonly #filled = new Cond(this.#mu);
  readonly #items: string[] = [];
  #closed = false;
  #running = true;

  async takeOnce(): Promise<string | undefined> {
    await this.#mu.lock();
    try {
      if (this.#items.length === 0) await this.#filled.wait(); // want: cond-wait-no-loop
      return this.#items.shift();
    } finally {
      this.#mu.unlock();
    }
  }

  async takeInABlock(): Promise<string | undefined> {
    using _ = await this.#mu.acquire();
    if (this.#items.length === 0) {
      await this.#filled.wait(); // want: cond-wait-no-loop
    }
    return this.#items.shift();
  }

  async takeInASection(): Promise<string | undefined> {
    return this.#mu.withLock(async () => {
      if (this.#items.length === 0 && !this.#closed) {
        console.log("waiting");
        await this.#filled.wait(); // want: cond-wait-no-loop
      }
      return this.#items.shift();
    });
  }

  /** The loop is the worker's, not the condition's. */
  async work(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (this.#running) {
      if (this.#items.length === 0) await this.#filled.wait(); // want: cond-wait-no-loop
      use(this.#items.shift() as string);
    }
  }

  async unconditional(): Promise<void> {
    await this.#mu.lock();
    await this.#filled.wait(); // want: cond-wait-no-loop
    this.#mu.unlock();
  }

  // Right.

  async take(): Promise<string | undefined> {
    await this.#mu.lock();
    try {
      while (this.#items.length === 0 && !this.#closed) await this.#filled.wait();
      return this.#items.shift();
    } finally {
      this.#mu.unlock();
    }
  }

  async takeEndless(): Promise<string> {
    using _ = await this.#mu.acquire();
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return item;
      await this.#filled.wait();
    }
  }

  async takeAfter(): Promise<void> {
    using _ = await this.#mu.acquire();
    do {
      await this.#filled.wait();
    } while (this.#items.length === 0);
  }

  async takeWithABreak(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (true) {
      if (this.#items.length > 0) break;
      await this.#filled.wait();
    }
    use(this.#items.shift() as string);
  }

  async checkedBehind(): Promise<void> {
    using _ = await this.#mu.acquire();
    for (;;) {
      await this.#filled.wait();
      if (this.#closed) return;
    }
  }

  async goesRound(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (!this.#closed) {
      const item = this.#items.shift();
      if (item === undefined) {
        await this.#filled.wait();
        continue;
      }
      use(item);
    }
  }

  async noted(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (this.#items.length === 0) {
      console.log("nothing yet");
      await this.#filled.wait();
      console.log("woken");
    }
  }

  async eitherOr(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (!this.#closed) {
      if (this.#items.length === 0) await this.#filled.wait();
      else use(this.#items.shift() as string);
    }
  }

  #wait(): Promise<void> {
    return this.#filled.wait();
  }

  async throughAHelper(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (this.#items.length === 0) await this.#wait();
  }

  async inASection(): Promise<void> {
    await this.#mu.withLock(async () => {
      while (this.#items.length === 0) await this.#filled.wait();
    });
  }

  async untilTimeout(signal: AbortSignal): Promise<boolean> {
    using _ = await this.#mu.acquire();
    while (this.#items.length === 0) {
      try {
        await this.#filled.wait({ signal });
      } catch {
        return false;
      }
    }
    return true;
  }

  async put(item: string): Promise<void> {
    using _ = await this.#mu.acquire();
    this.#items.push(item);
    this.#filled.signal();
  }

  async close(): Promise<void> {
    using _ = await this.#mu.acquire();
    this.#closed = true;
    this.#running = false;
    this.#filled.broadcast();
  }
}
