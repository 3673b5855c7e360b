// cockroach-1462: consumers leave when the stopper says so. A producer that was about to send waits for them for ever,
// and stopping waits for the producer.
import { go, sleep, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, otherwise, select } from "@lockscope/sync/channel";

class Stopper {
  readonly #wg = new WaitGroup({ name: "workers" });
  readonly stopping = new Channel<never>(0, { name: "stopper" });

  runWorker(name: string, fn: () => Promise<void>): void {
    this.#wg.add(1);
    go(
      async () => {
        try {
          await fn();
        } finally {
          this.#wg.done();
        }
      },
      { name },
    );
  }

  async stop(): Promise<void> {
    this.stopping.close();
    await this.#wg.wait();
  }
}

class Interceptor {
  readonly #events = new Channel<number>(0, { name: "Events" });

  start(stopper: Stopper): void {
    stopper.runWorker("producer", async () => {
      for (let open = true, event = 0; open; event++) {
        open = await select(
          onReceive(stopper.stopping, () => false),
          otherwise(async () => {
            await this.#events.send(event); // want: stuck-channel
            return true;
          }),
        );
      }
    });
    stopper.runWorker("consumer", async () => {
      for (let open = true; open; ) {
        open = await select(
          onReceive(stopper.stopping, () => false),
          onReceive(this.#events, async () => {
            await sleep(1);
            return true;
          }),
        );
      }
    });
  }
}

export default async function scenario(): Promise<void> {
  const stopper = new Stopper();
  new Interceptor().start(stopper);
  await sleep(3);
  await stopper.stop();
}
