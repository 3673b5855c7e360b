// etcd-4876, mended: the interval is read once, under the lock under which it is set.
import { go, gosched, RWMutex } from "@lockscope/sync";

class Settings {
  readonly #rw = new RWMutex({ name: "progressReportIntervalMu" });
  #progressReportInterval = 600;

  async getProgressReportInterval(): Promise<number> {
    return this.#rw.withRLock(() => this.#progressReportInterval);
  }

  async setProgressReportInterval(seconds: number): Promise<void> {
    await this.#rw.withLock(() => {
      this.#progressReportInterval = seconds;
    });
  }
}

const settings = new Settings();

async function sendLoop(): Promise<number> {
  const interval = await settings.getProgressReportInterval();
  const ticksEvery = interval;
  await gosched(); // the stream is opened
  const reportsAfter = interval;
  if (ticksEvery !== reportsAfter) {
    throw new Error(`a ticker of ${ticksEvery} s and reports after ${reportsAfter} s`);
  }
  return ticksEvery;
}

export default async function scenario(): Promise<void> {
  const loop = go(() => sendLoop(), { name: "sendLoop" });
  const test = go(
    async () => {
      await settings.setProgressReportInterval(3);
    },
    { name: "test" },
  );
  await test.join();
  await loop.join();
}
