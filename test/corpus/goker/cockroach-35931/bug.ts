// cockroach-35931: cancelling a flow pushes an error to every inbound stream. One that was never connected has a
// full one-slot buffer and no consumer.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class InboundStream {
  readonly #buffer = new Channel<string>(1, { name: "stream buffer" });

  async push(message: string): Promise<void> {
    await this.#buffer.send(message); // want: stuck-channel
  }

  async consume(): Promise<string[]> {
    const received: string[] = [];
    for await (const message of this.#buffer) received.push(message);
    return received;
  }

  producerDone(): void {
    this.#buffer.close();
  }
}

class Flow {
  constructor(private readonly streams: readonly InboundStream[]) {}

  async start(): Promise<void> {
    for (const stream of this.streams) await stream.push("header");
  }

  async cancel(): Promise<void> {
    for (const stream of this.streams) {
      await stream.push("canceled");
      stream.producerDone();
    }
  }
}

export default async function scenario(): Promise<void> {
  const connected = new InboundStream();
  const unconnected = new InboundStream();
  const flow = new Flow([connected, unconnected]);
  const consumer = go(() => connected.consume(), { name: "consumer" });
  await flow.start();
  const canceller = go(() => flow.cancel(), { name: "cancel" });
  await canceller.join();
  await consumer.join();
}
