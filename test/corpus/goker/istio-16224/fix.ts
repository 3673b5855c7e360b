// istio-16224, mended: what was seen is written down under the lock, and announced without it.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class ConfigStore {
  readonly #events = new Channel<string>(4, { name: "events" });
  readonly #handlers: ((event: string) => Promise<void>)[] = [];

  register(handler: (event: string) => Promise<void>): void {
    this.#handlers.push(handler);
  }

  async run(): Promise<void> {
    for await (const event of this.#events) {
      for (const handler of this.#handlers) await handler(event);
    }
  }

  async create(name: string): Promise<void> {
    await this.#events.send(name);
  }

  stop(): void {
    this.#events.close();
  }
}

export default async function scenario(): Promise<void> {
  const store = new ConfigStore();
  const lock = new Mutex({ name: "lock" });
  const done = new Channel<boolean>(0, { name: "done" });
  const seen: string[] = [];

  store.register(async (event) => {
    await lock.withLock(() => seen.push(event));
    await done.send(true);
  });
  const monitor = go(() => store.run(), { name: "monitor" });
  await store.create("gateway");
  await gosched();

  await lock.lock();
  const before = seen.length;
  lock.unlock();
  if (before <= 1) await done.receive();
  store.stop();
  await monitor.join();
}
