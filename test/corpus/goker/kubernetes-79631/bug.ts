// kubernetes-79631: the scheduler's queue deletes from its heap under the lock; looking a pod up in the heap takes no
// lock, and the pod can be gone between finding and reading it.
import { go, gosched, Mutex } from "@lockscope/sync";

interface Pod {
  readonly name: string;
  readonly priority: number;
}

class PriorityQueue {
  readonly #mu = new Mutex({ name: "p.lock" });
  /** @guardedBy #mu */
  readonly #items = new Map<string, Pod>();

  async add(pod: Pod): Promise<void> {
    await this.#mu.lock();
    this.#items.set(pod.name, pod);
    this.#mu.unlock();
  }

  async flushUnschedulable(): Promise<void> {
    await this.#mu.lock();
    for (const name of [...this.#items.keys()]) this.#items.delete(name);
    this.#mu.unlock();
  }

  async priorityOf(name: string): Promise<number> {
    if (!this.#items.has(name)) return 0; // want: unguarded-access
    await gosched(); // the key is computed
    return this.#items.get(name)!.priority; // want: unguarded-access
  }
}

export default async function scenario(): Promise<void> {
  const queue = new PriorityQueue();
  await queue.add({ name: "web", priority: 3 });
  const reader = go(() => queue.priorityOf("web"), { name: "reader" });
  const flush = go(() => queue.flushUnschedulable(), { name: "flush" });
  await reader.join();
  await flush.join();
}
