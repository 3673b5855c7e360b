// Closes that come, or may come, a second time.
import { go, sleep } from "@lockscope/sync";
import { Channel, onReceive, onSend, select } from "@lockscope/sync/channel";

export async function closesInFinallyAgain(): Promise<void> {
  const ch = new Channel<number>();
  try {
    ch.close();
  } finally {
    ch.close(); // want: close-of-closed
  }
}

// double close by two tasks
export async function twoTasksClose(): Promise<void> {
  const done = new Channel<never>();
  go(async () => {
    await sleep(1);
    done.close();
  });
  go(async () => {
    await sleep(2);
    done.close(); // want: close-of-closed
  });
  await done.receive();
}

// grpc-1687-like
class Transport {
  readonly #writes = new Channel<() => void>();
  readonly #closed = new Channel<never>();
  async writeStatus(): Promise<void> {
    await select( // want: send-on-closed
      onSend(this.#writes, () => {}, () => {}),
      onReceive(this.#closed, () => {}),
    );
    this.#writes.close(); // want: close-of-closed
  }
  async serve(): Promise<void> {
    for await (const w of this.#writes) w();
  }
  close(): void {
    this.#closed.close();
  }
}

export async function run1687(): Promise<void> {
  const t = new Transport();
  go(() => t.serve());
  go(() => t.writeStatus());
  go(() => t.writeStatus());
  await sleep(1);
  t.close();
}

class Prober {
  readonly #stop = new Channel<void>();
  #stopped = false;

  async stop(): Promise<void> {
    if (this.#stopped) return;
    await sleep(1);
    this.#stopped = true;
    this.#stop.close(); // want: close-of-closed
  }
}

/** Both look before one of them says that it is over. */
export async function stopsTwice(): Promise<void> {
  const prober = new Prober();
  const tasks = [go(() => prober.stop()), go(() => prober.stop())];
  for (const task of tasks) await task.join();
}
