// kubernetes-30872: clustersSynced holds the federated informer and takes the queue's lock; pop holds the queue's
// lock and calls back into the informer. stop queues up behind both.
import { go, gosched, Mutex } from "@lockscope/sync";

class DeltaFifo {
  readonly #mu = new Mutex({ name: "DeltaFIFO" });
  readonly #items: string[] = [];

  async add(item: string): Promise<void> {
    await this.#mu.lock();
    this.#items.push(item);
    this.#mu.unlock();
  }

  async hasSynced(): Promise<boolean> {
    await this.#mu.lock();
    const synced = this.#items.length === 0;
    this.#mu.unlock();
    return synced;
  }

  async pop(process: (item: string) => Promise<void>): Promise<void> {
    await this.#mu.lock();
    try {
      const item = this.#items.shift();
      await gosched();
      if (item !== undefined) await process(item); // want: lock-order
    } finally {
      this.#mu.unlock();
    }
  }
}

class FederatedInformer {
  readonly #mu = new Mutex({ name: "federatedInformer" });
  readonly #clusters = new Set<string>();
  #stopped = false;

  constructor(private readonly fifo: DeltaFifo) {}

  async addCluster(name: string): Promise<void> {
    await this.#mu.lock();
    this.#clusters.add(name);
    this.#mu.unlock();
  }

  async clustersSynced(): Promise<boolean> {
    await this.#mu.lock();
    try {
      return await this.fifo.hasSynced(); // want: lock-order
    } finally {
      this.#mu.unlock();
    }
  }

  async stop(): Promise<void> {
    await this.#mu.lock();
    this.#stopped = true;
    this.#mu.unlock();
  }

  get stopped(): boolean {
    return this.#stopped;
  }
}

export default async function scenario(): Promise<void> {
  const fifo = new DeltaFifo();
  const informer = new FederatedInformer(fifo);
  await fifo.add("cluster-1");
  const tasks = [
    go(() => fifo.pop((item) => informer.addCluster(item)), { name: "controller" }),
    go(() => informer.clustersSynced(), { name: "delivery" }),
    go(() => informer.stop(), { name: "stop" }),
  ];
  for (const task of tasks) await task.join();
}
