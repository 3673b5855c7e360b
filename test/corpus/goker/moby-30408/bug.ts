// moby-30408: who waits for a plugin to be activated waits for its manifest. An activation that failed leaves an error
// and no manifest, and wakes nobody.
import { Cond, go, gosched, Mutex } from "@lockscope/sync";

interface Manifest {
  readonly implements: readonly string[];
}

class Plugin {
  readonly #mu = new Mutex({ name: "plugin" });
  readonly #activateWait = new Cond(this.#mu, { name: "activateWait" });
  #activateErr: Error | undefined;
  #manifest: Manifest | undefined;

  constructor(private readonly handshake: () => Promise<Manifest>) {}

  async waitActive(): Promise<Error | undefined> {
    await this.#mu.lock();
    try {
      while (!this.#activated()) await this.#activateWait.wait(); // want: cond-never-signalled
      return this.#activateErr;
    } finally {
      this.#mu.unlock();
    }
  }

  #activated(): boolean {
    return this.#manifest !== undefined;
  }

  async activate(): Promise<void> {
    try {
      const manifest = await this.handshake();
      await this.#mu.withLock(() => {
        this.#manifest = manifest;
      });
    } catch (error) {
      await this.#mu.withLock(() => {
        this.#activateErr = error instanceof Error ? error : new Error(String(error));
      });
    }
  }
}

export default async function scenario(): Promise<void> {
  const plugin = new Plugin(async () => {
    await gosched();
    throw new Error("some junk happened");
  });
  const activating = go(() => plugin.activate(), { name: "activate" });
  const waiting = go(() => plugin.waitActive(), { name: "waitActive" });
  await activating.join();
  await waiting.join();
}
