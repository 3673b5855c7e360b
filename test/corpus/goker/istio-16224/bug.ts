// istio-16224: the event handler says that it is done while it holds the lock on what it has seen; the test takes the
// lock first and receives afterwards.
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
    await lock.lock();
    try {
      seen.push(event);
      await done.send(true); // want: blocking-while-locked
    } finally {
      lock.unlock();
    }
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
