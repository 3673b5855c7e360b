// kubernetes-6632: writing a frame reports activity on resetChan under the write lock; the monitor, its only receiver,
// needs the write lock on its way out, to close the channel.
import { go, gosched, Mutex, sleep } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";

class IdleAwareFramer {
  readonly #writeLock = new Mutex({ name: "writeLock" });
  readonly #reset = new Channel<boolean>(0, { name: "resetChan" });
  readonly closed = new Channel<never>(0, { name: "connection closed" });
  #open = true;

  async monitor(): Promise<void> {
    for (let alive = true; alive; ) {
      alive = await select(
        onReceive(this.#reset, async () => {
          await sleep(1); // the idle timer is wound up again
          return true;
        }),
        onReceive(this.closed, () => false),
      );
    }
    await this.#writeLock.lock();
    try {
      this.#open = false;
      this.#reset.close();
    } finally {
      this.#writeLock.unlock();
    }
  }

  async writeFrame(_frame: string): Promise<boolean> {
    await this.#writeLock.lock();
    try {
      if (!this.#open) return false;
      await this.#reset.send(true); // want: blocking-while-locked
      return true;
    } finally {
      this.#writeLock.unlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const framer = new IdleAwareFramer();
  const monitor = go(() => framer.monitor(), { name: "monitor" });
  const writer = go(
    async () => {
      while (await framer.writeFrame("ping")) await gosched();
    },
    { name: "writer" },
  );
  await sleep(3);
  const closer = go(() => framer.closed.close(), { name: "close" });
  for (const task of [closer, monitor, writer]) await task.join();
}
