// cockroach-24808, mended: a token is offered, not forced; one in the slot is as good as two.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Compactor {
  readonly #ready = new Channel<void>(1, { name: "ready" });
  runs = 0;

  suggest(): void {
    this.#ready.trySend(undefined);
  }

  async start(): Promise<void> {
    this.suggest();
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
