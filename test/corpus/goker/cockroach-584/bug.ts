// cockroach-584: two loops of a gossip node watch the same flag. In the closed branch they break out of the loop
// without unlocking, so the second one to look waits for ever.
import { go, Mutex, sleep } from "@lockscope/sync";

class Gossip {
  readonly #mu = new Mutex({ name: "gossip" });
  #closed = false;
  #bootstrapped = 0;
  #managed = 0;

  async bootstrap(): Promise<void> {
    for (;;) {
      await this.#mu.lock(); // want: missing-unlock
      if (this.#closed) {
        break;
      }
      this.#bootstrapped++;
      this.#mu.unlock();
      await sleep(1);
    }
  }

  async manage(): Promise<void> {
    for (;;) {
      await this.#mu.lock(); // want: missing-unlock
      if (this.#closed) {
        break;
      }
      this.#managed++;
      this.#mu.unlock();
      await sleep(1);
    }
  }

  async close(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#closed = true;
    });
  }
}

export default async function scenario(): Promise<void> {
  const gossip = new Gossip();
  const bootstrap = go(() => gossip.bootstrap(), { name: "bootstrap" });
  const manage = go(() => gossip.manage(), { name: "manage" });
  await sleep(3);
  await gossip.close();
  await bootstrap.join();
  await manage.join();
}
