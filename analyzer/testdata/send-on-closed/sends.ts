// Sends that come, or may come, after the close.
import { go, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function closesThenSends(): Promise<void> {
  const ch = new Channel<number>();
  ch.close();
  await ch.send(1); // want: send-on-closed
}

export async function eachTaskCloses(n: number): Promise<void> {
  const ch = new Channel<number>(10);
  for (let i = 0; i < n; i++) {
    go(async () => {
      await ch.send(i); // want: send-on-closed
      ch.close(); // want: close-of-closed
    });
  }
  for await (const v of ch) console.log(v);
}

class Bus {
  readonly #out = new Channel<string>(4);
  async publish(s: string): Promise<void> {
    await this.#out.send(s); // want: send-on-closed
  }
  shutdown(): void {
    this.#out.close(); // want: close-of-closed
  }
  async drain(): Promise<void> {
    for await (const s of this.#out) console.log(s);
  }
}

export async function useBus(): Promise<void> {
  const bus = new Bus();
  const d = go(() => bus.drain());
  const p = go(async () => {
    for (let i = 0; i < 10; i++) await bus.publish(String(i));
  });
  await sleep(5);
  bus.shutdown();
  bus.shutdown();
  await d.join();
  await p.join();
}
