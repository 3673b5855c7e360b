// kubernetes-1321, mended: who stops a watch first drains it in a task of its own, so that no send waits for it.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Watcher {
  readonly result = new Channel<string>(0, { name: "result" });
  constructor(private readonly mux: Mux) {}

  async stop(): Promise<void> {
    const drain = go(
      async () => {
        for await (const _ of this.result) {
          // nobody wants it any more
        }
      },
      { name: "drain" },
    );
    await this.mux.stopWatching(this);
    await drain.join();
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
    await this.#mu.withLock(() => {
      if (this.#watchers.delete(watcher)) watcher.result.close();
    });
  }

  async distribute(event: string): Promise<void> {
    await this.#mu.lock();
    try {
      for (const watcher of this.#watchers) {
        await watcher.result.send(event);
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
