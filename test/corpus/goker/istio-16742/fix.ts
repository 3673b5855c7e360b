// istio-16742, mended: the writer takes the write side, the reader the read side.
import { go, gosched, RWMutex } from "@lockscope/sync";

interface Labels {
  app: string;
  version: string;
}

class ModelNode {
  labels: Labels = { app: "web", version: "web-1" };
}

class DiscoveryServer {
  readonly #rw = new RWMutex({ name: "adsClientsMutex" });
  /** @guardedBy #rw */
  readonly #nodes = new Map([["proxy", new ModelNode()]]);

  async workloadUpdate(id: string, labels: Labels): Promise<void> {
    await this.#rw.lock();
    try {
      const node = this.#nodes.get(id);
      if (!node) return;
      node.labels.app = labels.app;
      await gosched(); // the version is looked up
      node.labels.version = labels.version;
    } finally {
      this.#rw.unlock();
    }
  }

  async pushRoute(id: string): Promise<string> {
    await gosched(); // the request is decoded
    await this.#rw.rLock();
    try {
      const node = this.#nodes.get(id);
      if (!node) return "";
      const { app, version } = node.labels;
      if (!version.startsWith(app)) throw new Error(`a route for version ${version} of ${app}`);
      return `${app}/${version}`;
    } finally {
      this.#rw.rUnlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const server = new DiscoveryServer();
  const update = go(() => server.workloadUpdate("proxy", { app: "shop", version: "shop-1" }), { name: "update" });
  const push = go(() => server.pushRoute("proxy"), { name: "push" });
  await push.join();
  await update.join();
}
