// moby-7559, mended: each turn of the loop gives the lock back, whichever way it ends.
import { go, gosched, Mutex } from "@lockscope/sync";

class Backend {
  #dialled = 0;

  async dial(): Promise<string> {
    await gosched();
    this.#dialled++;
    if (this.#dialled === 1) throw new Error("connection refused");
    return `connection ${this.#dialled}`;
  }
}

class UdpProxy {
  readonly #connTrackLock = new Mutex({ name: "connTrackLock" });
  readonly #connTrackTable: string[] = [];

  constructor(private readonly backend: Backend) {}

  async run(): Promise<number> {
    for (;;) {
      await this.#connTrackLock.lock();
      try {
        const connection = await this.backend.dial();
        this.#connTrackTable.push(connection);
        return this.#connTrackTable.length;
      } catch (error) {
        console.error("cannot proxy:", error);
      } finally {
        this.#connTrackLock.unlock();
      }
    }
  }
}

export default async function scenario(): Promise<void> {
  const proxy = new UdpProxy(new Backend());
  await go(() => proxy.run(), { name: "proxy" }).join();
}
