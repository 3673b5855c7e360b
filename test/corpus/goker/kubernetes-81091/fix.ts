// kubernetes-81091, mended: reading and writing the counter are one step, with nothing to wait for in between.
import { gosched, WaitGroup } from "@lockscope/sync";

class FilterPlugin {
  numFilterCalled = 0;

  async filter(node: string): Promise<boolean> {
    await gosched(); // the node is looked at
    this.numFilterCalled++;
    return node !== "";
  }
}

export default async function scenario(): Promise<void> {
  const plugin = new FilterPlugin();
  const wg = new WaitGroup({ name: "workers" });
  const nodes = ["node-1", "node-2", "node-3"];
  for (const node of nodes) wg.go(() => plugin.filter(node));
  await wg.wait();
  if (plugin.numFilterCalled !== nodes.length) {
    throw new Error(`${plugin.numFilterCalled} calls counted, expected ${nodes.length}`);
  }
}
