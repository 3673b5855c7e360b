// syncthing-5795: the dispatcher hands each message to the model. One that cannot be served closes the connection from
// within the dispatcher, and closing waits, inside its Once, until the dispatcher has stopped.
import { go, gosched, Once } from "@lockscope/sync";
import { Channel, onReceive, otherwise, select } from "@lockscope/sync/channel";

type Message = "cluster config" | "request";

class Connection {
  readonly #inbox = new Channel<Message>(0, { name: "inbox" });
  readonly #closed = new Channel<never>(0, { name: "closed" });
  readonly #dispatcherLoopStopped = new Channel<never>(0, { name: "dispatcherLoopStopped" });
  readonly #closeOnce = new Once({ name: "closeOnce" });
  #started = false;

  constructor(private readonly receive: (connection: Connection, message: Message) => Promise<void>) {}

  start(): void {
    this.#started = true;
    go(() => this.#readerLoop(), { name: "readerLoop" });
    go(() => this.#dispatcherLoop(), { name: "dispatcherLoop" });
  }

  async #readerLoop(): Promise<void> {
    let next: Message = "cluster config";
    for (;;) {
      const message = next;
      const stop = await select(
        onReceive(this.#closed, () => true),
        otherwise(() => false),
      );
      if (stop) return;
      if (this.#inbox.trySend(message)) next = "request";
      await gosched();
    }
  }

  async #dispatcherLoop(): Promise<void> {
    try {
      for (;;) {
        const message = await select<Message | undefined>(
          onReceive(this.#inbox, (received) => received),
          onReceive(this.#closed, () => undefined),
        );
        if (message === undefined) return;
        await this.receive(this, message);
      }
    } finally {
      this.#dispatcherLoopStopped.close();
    }
  }

  async close(): Promise<void> {
    await this.#closeOnce.do(async () => {
      this.#closed.close();
      if (this.#started) await this.#dispatcherLoopStopped.receive(); // want: stuck-channel
    });
  }
}

export default async function scenario(): Promise<void> {
  const closing = new Channel<never>(0, { name: "closing" });
  const connection = new Connection(async (own, message) => {
    if (message !== "cluster config") return;
    closing.close();
    await own.close();
  });
  connection.start();
  await closing.receive();
  await connection.close();
}
