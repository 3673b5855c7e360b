// moby-7559: a UDP proxy dials the backend under its connection table's lock. When dialling fails, `continue` goes
// past the unlock, and the next turn of the loop waits for a lock that its own task holds.
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
      await this.#connTrackLock.lock(); // want: reentrant-lock
      let connection: string;
      try {
        connection = await this.backend.dial();
      } catch (error) {
        console.error("cannot proxy:", error);
        continue;
      }
      this.#connTrackTable.push(connection);
      break;
    }
    this.#connTrackLock.unlock();
    return this.#connTrackTable.length;
  }
}

export default async function scenario(): Promise<void> {
  const proxy = new UdpProxy(new Backend());
  await go(() => proxy.run(), { name: "proxy" }).join();
}
