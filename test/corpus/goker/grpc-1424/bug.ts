// grpc-1424: dialling waits until the load-balancer watcher says it is done. The watcher leaves when its address
// channel is closed, before it has said so.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Balancer {
  readonly addresses = new Channel<string[]>(0, { name: "addrCh" });

  close(): void {
    this.addresses.close();
  }
}

class ClientConn {
  readonly #connected: string[] = [];

  async lbWatcher(balancer: Balancer, done: Channel<never>): Promise<void> {
    for await (const addresses of balancer.addresses) {
      this.#connected.push(...addresses);
      if (!done.closed) done.close();
    }
  }
}

export default async function scenario(): Promise<void> {
  const balancer = new Balancer();
  const conn = new ClientConn();
  const done = new Channel<never>(0, { name: "doneChan" });
  const watcher = go(() => conn.lbWatcher(balancer, done), { name: "lbWatcher" });
  const closer = go(() => balancer.close(), { name: "close" });
  await done.receive(); // want: stuck-channel
  await watcher.join();
  await closer.join();
}
