// istio-17860: the agent's loop ends when no epoch is active any more. A restart that comes just then starts one more
// epoch, whose end nobody receives.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Agent {
  readonly #mu = new Mutex({ name: "agent" });
  readonly #activeEpochs = new Set<number>();
  readonly #statusCh = new Channel<number>(0, { name: "statusCh" });
  #epoch = 0;

  async restart(): Promise<void> {
    await this.#mu.withLock(() => {
      const epoch = this.#epoch++;
      this.#activeEpochs.add(epoch);
      go(() => this.#runWait(epoch), { name: `epoch ${epoch}` });
    });
  }

  async #runWait(epoch: number): Promise<void> {
    await sleep(1);
    await this.#statusCh.send(epoch); // want: stuck-channel
  }

  async run(): Promise<void> {
    for (;;) {
      const ended = await this.#statusCh.receive();
      const active = await this.#mu.withLock(() => {
        this.#activeEpochs.delete(ended ?? -1);
        return this.#activeEpochs.size;
      });
      if (active === 0) return;
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
