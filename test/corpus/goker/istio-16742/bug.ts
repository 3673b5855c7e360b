// istio-16742: a workload update writes a proxy's labels while it holds only the read side, and pushing routes reads
// them with no lock at all.
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
    await this.#rw.rLock();
    try {
      const node = this.#nodes.get(id);
      if (!node) return;
      node.labels.app = labels.app; // want: write-under-read-lock
      await gosched(); // the version is looked up
      node.labels.version = labels.version; // want: write-under-read-lock
    } finally {
      this.#rw.rUnlock();
    }
  }

  async pushRoute(id: string): Promise<string> {
    await gosched(); // the request is decoded
    const node = this.#nodes.get(id); // want: unguarded-access
    if (!node) return "";
    const { app, version } = node.labels;
    if (!version.startsWith(app)) throw new Error(`a route for version ${version} of ${app}`);
    return `${app}/${version}`;
  }
}

export default async function scenario(): Promise<void> {
  const server = new DiscoveryServer();
  const update = go(() => server.workloadUpdate("proxy", { app: "shop", version: "shop-1" }), { name: "update" });
  const push = go(() => server.pushRoute("proxy"), { name: "push" });
  await push.join();
  await update.join();
}
