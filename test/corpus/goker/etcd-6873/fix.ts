// etcd-6873, mended: the channel is closed under the lock, and waited for without it.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class WatchBroadcasts {
  readonly #mu = new Mutex({ name: "watchBroadcasts" });
  readonly #updates = new Channel<string>(1, { name: "updatec" });
  readonly #done = new Channel<never>(0, { name: "donec" });
  readonly #coalesced: string[] = [];

  constructor() {
    go(
      async () => {
        for await (const update of this.#updates) await this.#coalesce(update);
        this.#done.close();
      },
      { name: "update loop" },
    );
  }

  async #coalesce(update: string): Promise<void> {
    await gosched(); // the update is merged with the ones before it
    await this.#mu.lock();
    this.#coalesced.push(update);
    this.#mu.unlock();
  }

  async update(name: string): Promise<void> {
    await this.#updates.send(name);
  }

  async stop(): Promise<void> {
    await this.#mu.withLock(() => this.#updates.close());
    await this.#done.receive();
  }
}

export default async function scenario(): Promise<void> {
  const broadcasts = new WatchBroadcasts();
  const updater = go(() => broadcasts.update("watcher 1"), { name: "updater" });
  await updater.join();
  const stopper = go(() => broadcasts.stop(), { name: "stop" });
  await stopper.join();
}
