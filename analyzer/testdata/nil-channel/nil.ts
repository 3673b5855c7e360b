// Channels that are nil on every way to the operation.
import { Channel, onReceive, select } from "@lockscope/sync/channel";

export async function forgottenDeclaration(): Promise<void> {
  let ch: Channel<number> = Channel.nil();
  await ch.send(1); // want: nil-channel
  ch = new Channel(1);
  ch.trySend(2);
}

class Svc {
  #quit = Channel.nil<never>();
  async wait(): Promise<void> {
    await this.#quit.receive(); // want: nil-channel
  }
  close(): void {
    this.#quit.close(); // want: nil-channel
  }
}

export const svc = new Svc();

/** In a select a nil channel switches its case off. */
export async function merge(left: Channel<number>, right: Channel<number>): Promise<number> {
  let sum = 0;
  let [first, second] = [left, right];
  for (let open = 2; open > 0; ) {
    await select(
      onReceive(first, (value, ok) => {
        if (ok) sum += value ?? 0;
        else {
          first = Channel.nil();
          open--;
        }
      }),
      onReceive(second, (value, ok) => {
        if (ok) sum += value ?? 0;
        else {
          second = Channel.nil();
          open--;
        }
      }),
    );
  }
  return sum;
}

/** Made before it is used. */
export async function lazily(): Promise<number | undefined> {
  let ch: Channel<number> = Channel.nil();
  if (ch.capacity === 0) ch = new Channel(1);
  await ch.send(1);
  return ch.receive();
}
