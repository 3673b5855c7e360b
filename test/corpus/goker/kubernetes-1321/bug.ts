// kubernetes-1321: the multiplexer hands an event to each watcher under its lock; a watcher that stops needs the lock
// to close the channel on which the event waits for it.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Watcher {
  readonly result = new Channel<string>(0, { name: "result" });
  constructor(private readonly mux: Mux) {}

  async stop(): Promise<void> {
    await this.mux.stopWatching(this);
  }
}

class Mux {
  readonly #mu = new Mutex({ name: "mux" });
  readonly #watchers = new Set<Watcher>();

  async watch(): Promise<Watcher> {
    const watcher = new Watcher(this);
    await this.#mu.withLock(() => this.#watchers.add(watcher));
    return watcher;
  }

  async stopWatching(watcher: Watcher): Promise<void> {
    await this.#mu.lock();
    try {
      if (this.#watchers.delete(watcher)) watcher.result.close();
    } finally {
      this.#mu.unlock();
    }
  }

  async distribute(event: string): Promise<void> {
    await this.#mu.lock();
    try {
      for (const watcher of this.#watchers) {
        await watcher.result.send(event); // want: blocking-while-locked
      }
    } finally {
      this.#mu.unlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const mux = new Mux();
  const watcher = await mux.watch();
  const distributor = go(() => mux.distribute("added"), { name: "distribute" });
  await gosched();
  const stopper = go(() => watcher.stop(), { name: "stop" });
  await stopper.join();
  await distributor.join();
}
