// hugo-3251: a lock for every URL, in a map with a lock of its own. urlLock waits for the URL's lock while it holds
// the map's; whoever has the URL's lock needs the map's to give it back.
import { go, gosched, Mutex, RWMutex } from "@lockscope/sync";

class RemoteLock {
  readonly #rw = new RWMutex({ name: "map of locks" });
  readonly #locks = new Map<string, Mutex>();

  async urlLock(url: string): Promise<void> {
    await this.#rw.lock();
    try {
      let mu = this.#locks.get(url);
      if (!mu) {
        mu = new Mutex({ name: url });
        this.#locks.set(url, mu);
      }
      await mu.lock(); // want: lock-order
    } finally {
      this.#rw.unlock();
    }
  }

  async urlUnlock(url: string): Promise<void> {
    await this.#rw.rLock();
    try {
      this.#locks.get(url)?.unlock();
    } finally {
      this.#rw.rUnlock();
    }
  }
}

const remoteLock = new RemoteLock();

async function getRemote(url: string): Promise<string> {
  await remoteLock.urlLock(url);
  try {
    await gosched();
    return `content of ${url}`;
  } finally {
    await remoteLock.urlUnlock(url); // want: lock-order
  }
}

export default async function scenario(): Promise<void> {
  const readers = [1, 2].map((n) => go(() => getRemote("http://example.com/feed"), { name: `page ${n}` }));
  for (const reader of readers) await reader.join();
}
