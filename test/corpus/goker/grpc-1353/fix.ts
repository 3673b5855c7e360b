// grpc-1353, mended: the update is stored under the lock and sent without it.
import { go, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class RoundRobin {
  readonly #mu = new Mutex({ name: "roundRobin" });
  readonly addresses = new Channel<string[]>(0, { name: "addrCh" });
  #up: string[] = [];

  async watchAddrUpdates(updates: readonly string[][]): Promise<void> {
    for (const update of updates) {
      await this.#mu.withLock(() => {
        this.#up = update;
      });
      await this.addresses.send(update);
    }
    this.addresses.close();
  }

  async down(address: string): Promise<void> {
    await this.#mu.withLock(() => {
      this.#up = this.#up.filter((up) => up !== address);
    });
  }
}

async function lbWatcher(balancer: RoundRobin): Promise<void> {
  for await (const addresses of balancer.addresses) {
    for (const address of addresses) await balancer.down(address);
  }
}

export default async function scenario(): Promise<void> {
  const balancer = new RoundRobin();
  const tasks = [
    go(() => balancer.watchAddrUpdates([["a:1"], ["b:1"], ["c:1"]]), { name: "watchAddrUpdates" }),
    go(() => lbWatcher(balancer), { name: "lbWatcher" }),
  ];
  for (const task of tasks) await task.join();
}
