// grpc-1275: closing a stream marks it done and leaves its receive buffer alone; the task that reads from the buffer
// is never woken.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class RecvBuffer {
  readonly c = new Channel<string | Error>(1, { name: "recvBuffer" });

  async read(): Promise<string> {
    const message = await this.c.receive(); // want: stuck-channel
    if (message instanceof Error) throw message;
    return message ?? "";
  }
}

class Stream {
  readonly buffer = new RecvBuffer();
}

class Transport {
  readonly #mu = new Mutex({ name: "transport" });
  readonly #active = new Set<Stream>();

  async newStream(): Promise<Stream> {
    const stream = new Stream();
    await this.#mu.withLock(() => {
      this.#active.add(stream);
    });
    return stream;
  }

  async closeStream(stream: Stream): Promise<void> {
    await this.#mu.withLock(() => {
      this.#active.delete(stream);
    });
  }
}

export default async function scenario(): Promise<void> {
  const transport = new Transport();
  const stream = await transport.newStream();
  const reader = go(() => stream.buffer.read().catch((error: Error) => error.message), { name: "reader" });
  await sleep(1);
  await transport.closeStream(stream);
  await reader.join();
}
