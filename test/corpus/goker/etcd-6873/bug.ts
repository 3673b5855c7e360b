// etcd-6873: stopping the watch broadcasts holds their lock and waits for the loop to say it is done; the loop cannot
// finish the update it has in hand without that lock.
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
    await this.#mu.lock();
    try {
      this.#updates.close();
      await this.#done.receive(); // want: blocking-while-locked
    } finally {
      this.#mu.unlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const broadcasts = new WatchBroadcasts();
  const updater = go(() => broadcasts.update("watcher 1"), { name: "updater" });
  await updater.join();
  const stopper = go(() => broadcasts.stop(), { name: "stop" });
  await stopper.join();
}
