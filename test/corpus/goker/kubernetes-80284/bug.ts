// kubernetes-80284: two clients share one authenticator, and each adds what shall happen when its credentials rotate.
// Both read the callback that is there, both write one that adds their own: the last write wins.
import { go, gosched } from "@lockscope/sync";

class Authenticator {
  onRotate: () => string[] = () => [];

  async updateTransportConfig(client: string): Promise<void> {
    const before = this.onRotate;
    await gosched(); // the certificate is loaded
    this.onRotate = () => [...before(), client]; // want: lost-update
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
