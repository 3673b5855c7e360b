// kubernetes-89164: startDispatching fills the watcher buffer under the lock and unlocks; dispatchEvent then ranges
// over the buffer, while the next event's startDispatching refills it.
import { go, gosched, Mutex } from "@lockscope/sync";

class Watcher {
  readonly events: string[] = [];
}

class Cacher {
  readonly #mu = new Mutex({ name: "cacher" });
  readonly #watchers = new Map<string, Watcher[]>();
  /** @guardedBy #mu */
  #watcherBuffer: Watcher[] = [];

  async watch(kind: string): Promise<Watcher> {
    const watcher = new Watcher();
    await this.#mu.lock();
    this.#watchers.set(kind, [...(this.#watchers.get(kind) ?? []), watcher]);
    this.#mu.unlock();
    return watcher;
  }

  async #startDispatching(kind: string): Promise<void> {
    await this.#mu.lock();
    this.#watcherBuffer = this.#watchers.get(kind) ?? [];
    this.#mu.unlock();
  }

  async dispatchEvent(kind: string, event: string): Promise<void> {
    await this.#startDispatching(kind);
    await gosched(); // the event is encoded
    for (const watcher of this.#watcherBuffer) { // want: unguarded-access
      watcher.events.push(event);
    }
  }
}

export default async function scenario(): Promise<void> {
  const cacher = new Cacher();
  const pods = await cacher.watch("pods");
  const nodes = await cacher.watch("nodes");
  const tasks = [
    go(() => cacher.dispatchEvent("pods", "pod added"), { name: "pods" }),
    go(() => cacher.dispatchEvent("nodes", "node added"), { name: "nodes" }),
  ];
  for (const task of tasks) await task.join();
  if (pods.events.join() !== "pod added") throw new Error(`the watcher of pods saw: ${pods.events.join()}`);
  if (nodes.events.join() !== "node added") throw new Error(`the watcher of nodes saw: ${nodes.events.join()}`);
}
