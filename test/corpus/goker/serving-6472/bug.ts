// serving-6472: a prober adds the number of its targets to the pending count in two steps, while workers that are done
// count down in one.
import { go, gosched, WaitGroup } from "@lockscope/sync";

class Prober {
  pendingCount = 0;

  async #count(targets: readonly string[]): Promise<void> {
    const before = this.pendingCount;
    await gosched(); // the targets are resolved
    this.pendingCount = before + targets.length; // want: lost-update
  }

  async probe(targets: readonly string[]): Promise<void> {
    const wg = new WaitGroup({ name: "probes" });
    await this.#count(targets);
    for (const _ of targets) {
      wg.add(1);
      go(async () => {
        try {
          await gosched();
          this.pendingCount--;
        } finally {
          wg.done();
        }
      });
    }
    await wg.wait();
  }
}

export default async function scenario(): Promise<void> {
  const prober = new Prober();
  const first = go(() => prober.probe(["a", "b"]), { name: "ingress 1" });
  const second = go(() => prober.probe(["c"]), { name: "ingress 2" });
  await first.join();
  await second.join();
  if (prober.pendingCount !== 0) throw new Error(`all probes are done, and ${prober.pendingCount} are pending`);
}
