// grpc-1460: with no stream active, keepalive goes dormant: it waits to be awakened while it holds the transport's
// lock. A new stream takes the lock before it can awaken anybody.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Http2Client {
  readonly #mu = new Mutex({ name: "t.mu" });
  readonly #awaken = new Channel<void>(0, { name: "awakenKeepalive" });
  #streams = 0;
  #dormant = false;

  async keepalive(): Promise<void> {
    await sleep(1);
    await this.#mu.lock();
    try {
      if (this.#streams < 1) {
        this.#dormant = true;
        await this.#awaken.receive(); // want: blocking-while-locked
        this.#dormant = false;
      }
    } finally {
      this.#mu.unlock();
    }
  }

  async newStream(): Promise<void> {
    await this.#mu.lock();
    try {
      this.#streams++;
      if (this.#streams === 1 && this.#dormant) {
        await this.#awaken.send(undefined); // want: blocking-while-locked
      }
    } finally {
      this.#mu.unlock();
    }
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
