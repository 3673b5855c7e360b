// kubernetes-80284, mended: one client at a time.
import { go, gosched, Mutex } from "@lockscope/sync";

class Authenticator {
  readonly #mu = new Mutex({ name: "authenticator" });
  onRotate: () => string[] = () => [];

  async updateTransportConfig(client: string): Promise<void> {
    using _guard = await this.#mu.acquire();
    const before = this.onRotate;
    await gosched(); // the certificate is loaded
    this.onRotate = () => [...before(), client];
  }
}

export default async function scenario(): Promise<void> {
  const authenticator = new Authenticator();
  const clients = ["api", "scheduler"].map((name) =>
    go(() => authenticator.updateTransportConfig(name), { name }),
  );
  for (const client of clients) await client.join();
  const told = authenticator.onRotate();
  if (told.length !== 2) throw new Error(`only ${told.join()} will hear of new credentials`);
}
