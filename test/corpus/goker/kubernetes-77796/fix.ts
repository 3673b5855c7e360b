// kubernetes-77796, mended: each round has a list of its own.
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

  async #collect(): Promise<Watcher[]> {
    return this.#mu.withLock(() => [...this.#watchers]);
  }

  async dispatchBookmark(version: number): Promise<void> {
    for (const watcher of await this.#collect()) await watcher.add(version);
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
