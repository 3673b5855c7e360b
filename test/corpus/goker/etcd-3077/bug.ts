// etcd-3077: the raft node makes its channels at the beginning of its own task; the server may want to stop the node
// before that task has begun.
import { go, gosched } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class RaftNode {
  stop: Channel<void> | undefined;
  done: Channel<never> | undefined;

  async run(): Promise<void> {
    await gosched(); // the log is read
    this.stop = new Channel(0, { name: "stopped" });
    this.done = new Channel(0, { name: "done" });
    await this.stop.receive();
    this.done.close();
  }
}

class EtcdServer {
  readonly #node = new RaftNode();

  start(): void {
    go(() => this.#node.run(), { name: "raft node" });
  }

  async stop(): Promise<void> {
    await this.#node.stop!.send(undefined);
    await this.#node.done!.receive();
  }
}

export default async function scenario(): Promise<void> {
  const server = new EtcdServer();
  server.start();
  await server.stop();
}
