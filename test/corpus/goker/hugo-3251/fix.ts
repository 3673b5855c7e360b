// hugo-3251, mended: the map's lock is held only for the look into the map.
import { go, gosched, Mutex, RWMutex } from "@lockscope/sync";

class RemoteLock {
  readonly #rw = new RWMutex({ name: "map of locks" });
  readonly #locks = new Map<string, Mutex>();

  async urlLock(url: string): Promise<void> {
    const mu = await this.#rw.withLock(() => {
      let known = this.#locks.get(url);
      if (!known) {
        known = new Mutex({ name: url });
        this.#locks.set(url, known);
      }
      return known;
    });
    await mu.lock();
  }

  async urlUnlock(url: string): Promise<void> {
    const mu = await this.#rw.withRLock(() => this.#locks.get(url));
    mu?.unlock();
  }
}

const remoteLock = new RemoteLock();

async function getRemote(url: string): Promise<string> {
  await remoteLock.urlLock(url);
  try {
    await gosched();
    return `content of ${url}`;
  } finally {
    await remoteLock.urlUnlock(url);
  }
}

export default async function scenario(): Promise<void> {
  const readers = [1, 2].map((n) => go(() => getRemote("http://example.com/feed"), { name: `page ${n}` }));
  for (const reader of readers) await reader.join();
}
