// cockroach-24808: starting the compactor puts a token into a channel with one slot, to have the first run happen at
// once. A suggestion that came before the start has filled the slot, and the worker that would empty it is not
// started yet.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Compactor {
  readonly #ready = new Channel<void>(1, { name: "ready" });
  runs = 0;

  suggest(): void {
    this.#ready.trySend(undefined);
  }

  async start(): Promise<void> {
    await this.#ready.send(undefined); // want: stuck-channel
    go(
      async () => {
        for await (const _ of this.#ready) this.runs++;
      },
      { name: "compactor" },
    );
  }

  stop(): void {
    this.#ready.close();
  }
}

export default async function scenario(): Promise<void> {
  const compactor = new Compactor();
  compactor.suggest();
  await compactor.start();
  compactor.stop();
}
