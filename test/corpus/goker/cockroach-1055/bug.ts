// cockroach-1055: every task that starts is added to the drain group, and none is ever done. Quiescing waits for the
// group under the lock that starting a task needs.
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
      this.#drain.add(1); // want: waitgroup-missing-done
      return true;
    } finally {
      this.#mu.unlock();
    }
  }

  async stop(): Promise<void> {
    await this.#mu.lock();
    try {
      this.#draining = true;
      await this.#drain.wait(); // want: blocking-while-locked
      this.stopper.close();
    } finally {
      this.#mu.unlock();
    }
    await this.#stop.wait();
  }
}

export default async function scenario(): Promise<void> {
  const stoppers = [new Stopper(), new Stopper()];
  for (const stopper of stoppers) {
    stopper.runWorker(async () => {
      await stopper.startTask();
      await stopper.stopper.receive();
    });
  }
  await gosched();
  const stops = stoppers.map((stopper) => go(() => stopper.stop(), { name: "stop" }));
  for (const stop of stops) await stop.join();
}
