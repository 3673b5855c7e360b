// istio-17860, mended: the loop marks the agent as stopped while it still holds the lock; no epoch starts after that.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Agent {
  readonly #mu = new Mutex({ name: "agent" });
  readonly #activeEpochs = new Set<number>();
  readonly #statusCh = new Channel<number>(0, { name: "statusCh" });
  #epoch = 0;
  #stopped = false;

  async restart(): Promise<void> {
    await this.#mu.withLock(() => {
      if (this.#stopped) return;
      const epoch = this.#epoch++;
      this.#activeEpochs.add(epoch);
      go(() => this.#runWait(epoch), { name: `epoch ${epoch}` });
    });
  }

  async #runWait(epoch: number): Promise<void> {
    await sleep(1);
    await this.#statusCh.send(epoch);
  }

  async run(): Promise<void> {
    for (;;) {
      const ended = await this.#statusCh.receive();
      const stopped = await this.#mu.withLock(() => {
        this.#activeEpochs.delete(ended ?? -1);
        this.#stopped = this.#activeEpochs.size === 0;
        return this.#stopped;
      });
      if (stopped) return;
    }
  }
}

export default async function scenario(): Promise<void> {
  const agent = new Agent();
  const run = go(() => agent.run(), { name: "agent" });
  await agent.restart();
  await run.join();
  await agent.restart();
}
