// cockroach-4407, mended: whether there may be new workers is decided under the lock; once it is draining, none start.
import { go, gosched, Mutex, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Stopper {
  readonly #mu = new Mutex({ name: "stopper" });
  readonly #stop = new WaitGroup({ name: "stop" });
  readonly stopping = new Channel<never>(0, { name: "stopper" });
  #draining = false;
  #running = 0;

  async runWorker(fn: () => Promise<void>): Promise<boolean> {
    await this.#mu.lock();
    try {
      if (this.#draining) return false;
      this.#stop.add(1);
      this.#running++;
    } finally {
      this.#mu.unlock();
    }
    go(
      async () => {
        try {
          await fn();
        } finally {
          this.#running--;
          this.#stop.done();
        }
      },
      { name: "worker" },
    );
    return true;
  }

  async stop(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#draining = true;
    });
    this.stopping.close();
    await this.#stop.wait();
    await gosched(); // what the workers use is torn down
    if (this.#running > 0) throw new Error("stopped, and a worker is still running");
  }
}

class Gossip {
  constructor(private readonly stopper: Stopper) {}

  async connect(): Promise<void> {
    await gosched(); // a node dials in
    await this.stopper.runWorker(async () => {
      for (let beat = 0; beat < 3; beat++) await gosched();
    });
  }
}

export default async function scenario(): Promise<void> {
  const stopper = new Stopper();
  const gossip = new Gossip(stopper);
  const connect = go(() => gossip.connect(), { name: "gossip" });
  const stop = go(() => stopper.stop(), { name: "stop" });
  await connect.join();
  await stop.join();
}
