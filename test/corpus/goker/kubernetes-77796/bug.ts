// kubernetes-77796: the cacher collects the watchers that want a bookmark into one buffer, under its lock, and hands
// the bookmarks out after the unlock. A second round that begins meanwhile empties the same buffer.
import { go, gosched, Mutex } from "@lockscope/sync";

class Watcher {
  readonly bookmarks: number[] = [];

  async add(version: number): Promise<void> {
    await gosched();
    this.bookmarks.push(version);
  }
}

class Cacher {
  readonly #mu = new Mutex({ name: "cacher" });
  readonly #watchers = [new Watcher(), new Watcher(), new Watcher()];
  /** @guardedBy #mu */
  readonly #bookmarkBuffer: Watcher[] = [];

  async #collect(): Promise<void> {
    await this.#mu.lock();
    this.#bookmarkBuffer.length = 0;
    this.#bookmarkBuffer.push(...this.#watchers);
    this.#mu.unlock();
  }

  async dispatchBookmark(version: number): Promise<void> {
    await this.#collect();
    while (this.#bookmarkBuffer.length > 0) { // want: unguarded-access
      await this.#bookmarkBuffer.pop()?.add(version); // want: unguarded-access
    }
  }

  check(rounds: number): void {
    for (const { bookmarks } of this.#watchers) {
      if (bookmarks.length !== rounds) throw new Error(`a watcher saw ${bookmarks.length} of ${rounds} bookmarks`);
    }
  }
}

export default async function scenario(): Promise<void> {
  const cacher = new Cacher();
  const rounds = [1, 2].map((version) => go(() => cacher.dispatchBookmark(version), { name: `round ${version}` }));
  for (const round of rounds) await round.join();
  cacher.check(2);
}
