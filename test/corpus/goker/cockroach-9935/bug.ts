// cockroach-9935: writing a log entry holds the logger's lock and, only when writing fails, calls exit(), which
// takes the lock again.
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
        await this.exit(error); // want: reentrant-lock
      }
    } finally {
      this.#mu.unlock();
    }
  }

  async exit(_error: Error): Promise<void> {
    await this.#mu.lock();
    try {
      this.exitCode = 2;
    } finally {
      this.#mu.unlock();
    }
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
