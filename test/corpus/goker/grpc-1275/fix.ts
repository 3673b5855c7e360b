// grpc-1275, mended: closing a stream puts the reason into its buffer, where the reader finds it.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class RecvBuffer {
  readonly c = new Channel<string | Error>(1, { name: "recvBuffer" });

  async read(): Promise<string> {
    const message = await this.c.receive();
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
      if (this.#active.delete(stream)) stream.buffer.c.trySend(new Error("stream is closed"));
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
