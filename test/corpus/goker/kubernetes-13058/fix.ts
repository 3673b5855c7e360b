// kubernetes-13058, mended: an event is counted before it is caused.
import { go, gosched, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class FakeSource {
  readonly #events = new Channel<string>(4, { name: "watch" });

  async add(name: string): Promise<void> {
    await this.#events.send(name);
  }

  async run(onAdd: (name: string) => void): Promise<void> {
    for await (const name of this.#events) onAdd(name);
  }

  stop(): void {
    this.#events.close();
  }
}

export default async function scenario(): Promise<void> {
  const source = new FakeSource();
  const testDone = new WaitGroup({ name: "testDoneWG" });
  const controller = go(() => source.run(() => testDone.done()), { name: "controller" });
  for (const name of ["a-hello", "b-controller"]) {
    testDone.add(1);
    await source.add(name);
    await gosched();
  }
  await testDone.wait();
  source.stop();
  await controller.join();
}
