// cockroach-1055, mended: a task that started says when it is over, and waiting for the tasks holds nothing.
import { go, gosched, Mutex, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Stopper {
  readonly #mu = new Mutex({ name: "stopper" });
  readonly #drain = new WaitGroup({ name: "drain" });
  readonly #stop = new WaitGroup({ name: "stop" });
  readonly stopper = new Channel<never>(0, { name: "stopper" });
  #draining = false;

  runWorker(fn: () => Promise<void>): void {
    this.#stop.add(1);
    go(
      async () => {
        try {
          await fn();
        } finally {
          this.#stop.done();
        }
      },
      { name: "worker" },
    );
  }

  async startTask(): Promise<boolean> {
    await this.#mu.lock();
    try {
      if (this.#draining) return false;
      this.#drain.add(1);
      return true;
    } finally {
      this.#mu.unlock();
    }
  }

  finishTask(): void {
    this.#drain.done();
  }

  async stop(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#draining = true;
    });
    await this.#drain.wait();
    this.stopper.close();
    await this.#stop.wait();
  }
}

export default async function scenario(): Promise<void> {
  const stoppers = [new Stopper(), new Stopper()];
  for (const stopper of stoppers) {
    stopper.runWorker(async () => {
      if (await stopper.startTask()) stopper.finishTask();
      await stopper.stopper.receive();
    });
  }
  await gosched();
  const stops = stoppers.map((stopper) => go(() => stopper.stop(), { name: "stop" }));
  for (const stop of stops) await stop.join();
}
