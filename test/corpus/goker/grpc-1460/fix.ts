// grpc-1460, mended: dormancy is noted under the lock, and slept without it; the token to awaken has a slot to wait in.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Http2Client {
  readonly #mu = new Mutex({ name: "t.mu" });
  readonly #awaken = new Channel<void>(1, { name: "awakenKeepalive" });
  #streams = 0;
  #dormant = false;

  async keepalive(): Promise<void> {
    await sleep(1);
    const dormant = await this.#mu.withLock(() => {
      this.#dormant = this.#streams < 1;
      return this.#dormant;
    });
    if (dormant) await this.#awaken.receive();
  }

  async newStream(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#streams++;
      if (this.#dormant) {
        this.#dormant = false;
        this.#awaken.trySend(undefined);
      }
    });
  }
}

export default async function scenario(): Promise<void> {
  const client = new Http2Client();
  const keepalive = go(() => client.keepalive(), { name: "keepalive" });
  await sleep(2);
  const stream = go(() => client.newStream(), { name: "new stream" });
  await stream.join();
  await keepalive.join();
}
