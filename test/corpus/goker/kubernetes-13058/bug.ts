// kubernetes-13058: a test counts an event after it has caused it; the informer's callback may count it down before.
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
  const controller = go(() => source.run(() => testDone.done()), { name: "controller" }); // want: waitgroup-negative
  for (const name of ["a-hello", "b-controller"]) {
    await source.add(name);
    await gosched();
    testDone.add(1);
  }
  await testDone.wait();
  source.stop();
  await controller.join();
}
