// moby-30408, mended: an error ends the wait as a manifest does, and either way of ending wakes all who wait.
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
      while (!this.#activated()) await this.#activateWait.wait();
      return this.#activateErr;
    } finally {
      this.#mu.unlock();
    }
  }

  #activated(): boolean {
    return this.#manifest !== undefined || this.#activateErr !== undefined;
  }

  async activate(): Promise<void> {
    try {
      const manifest = await this.handshake();
      await this.#mu.withLock(() => {
        this.#manifest = manifest;
        this.#activateWait.broadcast();
      });
    } catch (error) {
      await this.#mu.withLock(() => {
        this.#activateErr = error instanceof Error ? error : new Error(String(error));
        this.#activateWait.broadcast();
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
