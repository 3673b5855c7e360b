// cockroach-9935, mended: exit() is split, and the part that needs the lock held is called with the lock held.
import { go, Mutex } from "@lockscope/sync";

class Disk {
  #free = 2;

  async append(_line: string): Promise<Error | undefined> {
    if (this.#free === 0) return new Error("no space left on device");
    this.#free--;
    return undefined;
  }
}

class Logger {
  readonly #mu = new Mutex({ name: "logger" });
  readonly #disk = new Disk();
  exitCode: number | undefined;

  async outputLogEntry(line: string): Promise<void> {
    await this.#mu.lock();
    try {
      const error = await this.#disk.append(line);
      if (error) {
        this.#exitLocked(error);
      }
    } finally {
      this.#mu.unlock();
    }
  }

  async exit(error: Error): Promise<void> {
    await this.#mu.withLock(() => this.#exitLocked(error));
  }

  #exitLocked(_error: Error): void {
    this.exitCode = 2;
  }
}

export default async function scenario(): Promise<void> {
  const logger = new Logger();
  const writer = go(
    async () => {
      for (const line of ["starting", "ready", "serving"]) await logger.outputLogEntry(line);
    },
    { name: "writer" },
  );
  await writer.join();
}
