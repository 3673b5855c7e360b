// cockroach-4407: a worker can be started while the stopper waits for the workers there are. If there are none at that
// moment, the stopper is done before the new worker is.
import { go, gosched, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Stopper {
  readonly #stop = new WaitGroup({ name: "stop" });
  readonly stopping = new Channel<never>(0, { name: "stopper" });
  #running = 0;

  runWorker(fn: () => Promise<void>): void {
    this.#stop.add(1); // want: waitgroup-add-after-wait
    this.#running++;
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
  }

  async stop(): Promise<void> {
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
    this.stopper.runWorker(async () => {
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
