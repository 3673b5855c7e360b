// cockroach-35073: the outbox reads rows from a channel of 16. Its main loop ends on an error without telling the
// producer that nobody consumes any more, so the producer fills the channel and then waits for ever.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

type ConsumerStatus = "need more rows" | "consumer closed";

class RowChannel {
  readonly rows = new Channel<number>(16, { name: "rows" });
  status: ConsumerStatus = "need more rows";

  async push(row: number): Promise<ConsumerStatus> {
    if (this.status === "need more rows") {
      await this.rows.send(row); // want: stuck-channel
    }
    return this.status;
  }

  consumerClosed(): void {
    this.status = "consumer closed";
    while (this.rows.tryReceive()?.[1]) {
      // a producer may be waiting for room
    }
  }
}

class Outbox {
  constructor(private readonly input: RowChannel) {}

  async run(): Promise<void> {
    const first = await this.input.rows.receive();
    if (first === 0) {
      return; // the stream could not be set up
    }
    for await (const _ of this.input.rows) {
      // sent over the wire
    }
    this.input.consumerClosed();
  }
}

export default async function scenario(): Promise<void> {
  const rows = new RowChannel();
  const outbox = go(() => new Outbox(rows).run(), { name: "outbox" });
  const producer = go(
    async () => {
      for (let row = 0; row < 40; row++) {
        if ((await rows.push(row)) === "consumer closed") break;
      }
      rows.rows.close();
    },
    { name: "producer" },
  );
  await outbox.join();
  await producer.join();
}
