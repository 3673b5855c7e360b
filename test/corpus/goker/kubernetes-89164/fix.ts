// kubernetes-89164, mended: dispatching takes the list of watchers along, out of the locked stretch.
import { go, gosched, Mutex } from "@lockscope/sync";

class Watcher {
  readonly events: string[] = [];
}

class Cacher {
  readonly #mu = new Mutex({ name: "cacher" });
  readonly #watchers = new Map<string, Watcher[]>();

  async watch(kind: string): Promise<Watcher> {
    const watcher = new Watcher();
    await this.#mu.lock();
    this.#watchers.set(kind, [...(this.#watchers.get(kind) ?? []), watcher]);
    this.#mu.unlock();
    return watcher;
  }

  async #startDispatching(kind: string): Promise<readonly Watcher[]> {
    return this.#mu.withLock(() => this.#watchers.get(kind) ?? []);
  }

  async dispatchEvent(kind: string, event: string): Promise<void> {
    const watchers = await this.#startDispatching(kind);
    await gosched(); // the event is encoded
    for (const watcher of watchers) {
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
