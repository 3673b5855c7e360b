// Nobody sends when the channel is closed: the sender closes, waits for the others, or asks first.
import { go, sleep, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, onSend, select } from "@lockscope/sync/channel";

export async function theSenderCloses(items: readonly number[]): Promise<void> {
  const out = new Channel<number>();
  go(async () => {
    for (const item of items) await out.send(item);
    out.close();
  });
  for await (const value of out) console.log(value);
}

export async function allAreWaitedFor(count: number): Promise<void> {
  const out = new Channel<number>(4);
  const senders = new WaitGroup();
  for (let n = 0; n < count; n++) senders.go(async () => out.send(n));
  go(async () => {
    await senders.wait();
    out.close();
  });
  for await (const value of out) console.log(value);
}

export async function joinedFirst(): Promise<void> {
  const out = new Channel<number>(16);
  const sender = go(async () => {
    for (let n = 0; n < 10; n++) await out.send(n);
  });
  await sender.join();
  out.close();
}

class Outlet {
  readonly #out = new Channel<string>(8);
  #closed = false;

  async publish(text: string): Promise<void> {
    if (this.#closed) return;
    await this.#out.send(text);
  }

  async offer(text: string): Promise<void> {
    if (!this.#out.closed) await this.#out.send(text);
  }

  async drain(): Promise<void> {
    for await (const text of this.#out) console.log(text);
  }

  close(): void {
    this.#closed = true;
    this.#out.close();
  }
}

export async function aFlagIsAsked(): Promise<void> {
  const outlet = new Outlet();
  const drain = go(() => outlet.drain());
  const sender = go(async () => {
    for (let n = 0; n < 10; n++) await outlet.publish(String(n));
    await outlet.offer("last");
  });
  await sleep(5);
  outlet.close();
  await drain.join();
  await sender.join();
}

/** The signal to stop is another channel's close. */
export async function toldToStop(): Promise<void> {
  const out = new Channel<number>();
  const stop = new Channel<never>();
  const sender = go(async () => {
    for (let n = 0, on = true; on; n++)
      on = await select(
        onSend(out, n, () => true),
        onReceive(stop, () => false),
      );
    out.close();
  });
  await out.receive();
  stop.close();
  await sender.join();
}
