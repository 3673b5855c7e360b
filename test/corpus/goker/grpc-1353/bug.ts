// grpc-1353: the balancer tells its listener about new addresses while it holds its lock. The listener, before it
// comes back for more, takes a connection down, which needs the lock.
import { go, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class RoundRobin {
  readonly #mu = new Mutex({ name: "roundRobin" });
  readonly addresses = new Channel<string[]>(0, { name: "addrCh" });
  #up: string[] = [];

  async watchAddrUpdates(updates: readonly string[][]): Promise<void> {
    for (const update of updates) {
      await this.#mu.lock();
      try {
        this.#up = update;
        await this.addresses.send(update); // want: blocking-while-locked
      } finally {
        this.#mu.unlock();
      }
    }
    this.addresses.close();
  }

  async down(address: string): Promise<void> {
    await this.#mu.lock();
    this.#up = this.#up.filter((up) => up !== address);
    this.#mu.unlock();
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
