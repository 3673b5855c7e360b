// moby-28462: a container that changes state tells its health monitor to stop while it holds the container's lock.
// The monitor, between two looks at `stop`, probes the container, which takes that lock.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel, onReceive, otherwise, select } from "@lockscope/sync/channel";

class Container {
  readonly mu = new Mutex({ name: "container" });
  readonly #stop = new Channel<boolean>(0, { name: "stop" });
  state = "running";
  probes = 0;

  async #probe(): Promise<void> {
    await this.mu.lock();
    this.probes++;
    this.mu.unlock();
  }

  async monitor(): Promise<void> {
    for (let healthy = true; healthy; ) {
      healthy = await select(
        onReceive(this.#stop, () => false),
        otherwise(async () => {
          await gosched();
          await this.#probe();
          return true;
        }),
      );
    }
  }

  async stateChanged(state: string): Promise<void> {
    await this.mu.lock();
    try {
      this.state = state;
      await this.#stop.send(true); // want: blocking-while-locked
    } finally {
      this.mu.unlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const container = new Container();
  const monitor = go(() => container.monitor(), { name: "monitor" });
  const change = go(() => container.stateChanged("exited"), { name: "state changed" });
  await change.join();
  await monitor.join();
}
