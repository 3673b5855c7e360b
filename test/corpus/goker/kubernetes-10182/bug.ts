// kubernetes-10182: the status manager sends a pod's status while it holds the status lock; the one task that
// receives takes that lock before it comes back to receive.
import { go, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class StatusManager {
  readonly #mu = new Mutex({ name: "podStatusesLock" });
  readonly #statuses = new Map<string, string>();
  readonly #syncs = new Channel<string>(0, { name: "podStatusChannel" });
  readonly sent: string[] = [];

  start(): void {
    go(() => this.#syncBatch(), { name: "syncBatch" });
  }

  async #syncBatch(): Promise<void> {
    for await (const pod of this.#syncs) {
      await this.#mu.lock();
      this.sent.push(`${pod} is ${this.#statuses.get(pod)}`);
      this.#statuses.delete(pod);
      this.#mu.unlock();
    }
  }

  async setPodStatus(pod: string, status: string): Promise<void> {
    await this.#mu.lock();
    try {
      this.#statuses.set(pod, status);
      await this.#syncs.send(pod); // want: blocking-while-locked
    } finally {
      this.#mu.unlock();
    }
  }

  stop(): void {
    this.#syncs.close();
  }
}

export default async function scenario(): Promise<void> {
  const manager = new StatusManager();
  manager.start();
  const pods = ["web", "db"].map((pod) => go(() => manager.setPodStatus(pod, "running"), { name: pod }));
  for (const pod of pods) await pod.join();
  manager.stop();
}
