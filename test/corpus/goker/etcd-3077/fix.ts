// etcd-3077, mended: the channels are there before the task that uses them.
import { go, gosched } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class RaftNode {
  readonly stop = new Channel<void>(0, { name: "stopped" });
  readonly done = new Channel<never>(0, { name: "done" });

  async run(): Promise<void> {
    await gosched(); // the log is read
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
    await this.#node.stop.send(undefined);
    await this.#node.done.receive();
  }
}

export default async function scenario(): Promise<void> {
  const server = new EtcdServer();
  server.start();
  await server.stop();
}
