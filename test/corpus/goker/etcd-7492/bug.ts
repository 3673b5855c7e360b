// etcd-7492: giving a token to a user sends on the keeper's channel under the token lock. The keeper is the only
// receiver, and on its tick it takes that lock: a full channel then holds both.
import { go, Mutex, sleep } from "@lockscope/sync";
import { Channel, onReceive, select, tick } from "@lockscope/sync/channel";

class TokenKeeper {
  readonly #add = new Channel<string>(1, { name: "addSimpleTokenCh" });
  readonly #stop = new Channel<never>(0, { name: "stopCh" });
  readonly #done = new Channel<never>(0, { name: "donec" });
  readonly #expiry = new Map<string, number>();
  #ticks = 0;

  constructor(private readonly expire: (tokens: readonly string[]) => Promise<void>) {
    go(() => this.#run(), { name: "token keeper" });
  }

  async #run(): Promise<void> {
    using ticker = tick(1);
    for (let open = true; open; ) {
      open = await select(
        onReceive(this.#add, (token) => {
          this.#expiry.set(token ?? "", this.#ticks + 1);
          return true;
        }),
        onReceive(ticker, async () => {
          this.#ticks++;
          const late = [...this.#expiry].filter(([, at]) => at <= this.#ticks).map(([token]) => token);
          await this.expire(late);
          return true;
        }),
        onReceive(this.#stop, () => false),
      );
    }
    this.#done.close();
  }

  async add(token: string): Promise<void> {
    await this.#add.send(token);
  }

  async stop(): Promise<void> {
    this.#stop.close();
    await this.#done.receive();
  }
}

class TokenProvider {
  readonly #mu = new Mutex({ name: "simpleTokensMu" });
  readonly #tokens = new Map<string, string>();
  readonly #keeper = new TokenKeeper(async (tokens) => {
    await this.#mu.lock();
    for (const token of tokens) this.#tokens.delete(token);
    this.#mu.unlock();
  });

  async assignToUser(user: string): Promise<void> {
    await this.#mu.lock();
    try {
      for (const token of ["a", "b", "c", "d"]) {
        await sleep(1); // a random token is drawn
        this.#tokens.set(token, user);
        await this.#keeper.add(token); // want: blocking-while-locked
      }
    } finally {
      this.#mu.unlock();
    }
  }

  async disable(): Promise<void> {
    await this.#keeper.stop();
  }
}

export default async function scenario(): Promise<void> {
  const provider = new TokenProvider();
  const users = [];
  for (let n = 0; n < 2; n++) {
    users.push(go(() => provider.assignToUser(`user ${n}`), { name: `user ${n}` }));
  }
  for (const user of users) await user.join();
  await provider.disable();
}
