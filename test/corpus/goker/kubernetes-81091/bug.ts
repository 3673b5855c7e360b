// kubernetes-81091: a fake filter plugin counts its calls, and the scheduler calls it from many workers at once.
import { gosched, WaitGroup } from "@lockscope/sync";

class FilterPlugin {
  numFilterCalled = 0;

  async filter(node: string): Promise<boolean> {
    const called = this.numFilterCalled;
    await gosched(); // the node is looked at
    this.numFilterCalled = called + 1; // want: lost-update
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
