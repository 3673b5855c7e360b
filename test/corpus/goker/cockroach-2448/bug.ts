// cockroach-2448: the raft loop takes a callback if one is there and sends an event otherwise; the store loop, while
// it handles an event, sends a callback. Each is the only receiver of the other, and both may be sending.
import { go, gosched } from "@lockscope/sync";
import { Channel, onReceive, otherwise, select } from "@lockscope/sync/channel";

class MultiRaft {
  readonly events = new Channel<string>(0, { name: "Events" });
  readonly callbacks = new Channel<() => void>(0, { name: "callbackChan" });

  async run(changes: readonly string[]): Promise<void> {
    for (let sent = 0; sent < changes.length; ) {
      sent += await select(
        onReceive(this.callbacks, (callback) => {
          callback?.();
          return 0;
        }),
        otherwise(async () => {
          await this.events.send(changes[sent] ?? ""); // want: deadlock
          return 1;
        }),
      );
    }
    this.events.close();
    for await (const callback of this.callbacks) callback();
  }
}

class Store {
  applied = 0;
  constructor(private readonly raft: MultiRaft) {}

  async processRaft(): Promise<void> {
    for await (const _ of this.raft.events) {
      await gosched();
      await this.raft.callbacks.send(() => {
        this.applied++;
      });
    }
    this.raft.callbacks.close();
  }
}

export default async function scenario(): Promise<void> {
  const raft = new MultiRaft();
  const store = new Store(raft);
  const loops = [
    go(() => raft.run(["add node 2", "add node 3"]), { name: "raft loop" }),
    go(() => store.processRaft(), { name: "store loop" }),
  ];
  for (const loop of loops) await loop.join();
}
