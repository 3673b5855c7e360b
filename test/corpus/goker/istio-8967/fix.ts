// istio-8967, mended: a closed channel stays where it is; it goes on saying that the source is stopped.
import { go, gosched } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";

class FsSource {
  readonly #events = new Channel<string>(1, { name: "events" });
  readonly #donec = new Channel<never>(0, { name: "donec" });
  seen = 0;

  start(): void {
    go(
      async () => {
        for (let open = true; open; ) {
          open = await select(
            onReceive(this.#events, async () => {
              await gosched();
              this.seen++;
              return true;
            }),
            onReceive(this.#donec, () => false),
          );
        }
      },
      { name: "fs source" },
    );
  }

  async change(file: string): Promise<void> {
    await this.#events.send(file);
  }

  stop(): void {
    this.#donec.close();
  }
}

export default async function scenario(): Promise<void> {
  const source = new FsSource();
  source.start();
  await gosched();
  await source.change("rules.yaml");
  source.stop();
}
