// serving-3148: a fake client goes through its chain of reactors under its lock; prepending a reactor changes the
// chain without it.
import { go, gosched, Mutex } from "@lockscope/sync";

type Reactor = (action: string) => Promise<boolean>;

class FakeClient {
  readonly #mu = new Mutex({ name: "fake" });
  /** @guardedBy #mu */
  readonly #reactionChain: Reactor[] = [];

  async addReactor(reactor: Reactor): Promise<void> {
    await this.#mu.lock();
    this.#reactionChain.push(reactor);
    this.#mu.unlock();
  }

  async prependReactor(reactor: Reactor): Promise<void> {
    this.#reactionChain.unshift(reactor); // want: unguarded-access
  }

  async invokes(action: string): Promise<void> {
    await this.#mu.lock();
    try {
      for (const reactor of this.#reactionChain) {
        if (await reactor(action)) return;
      }
    } finally {
      this.#mu.unlock();
    }
  }
}

export default async function scenario(): Promise<void> {
  const client = new FakeClient();
  let recorded = 0;
  await client.addReactor(async () => {
    recorded++;
    await gosched();
    return false;
  });
  const caller = go(() => client.invokes("create"), { name: "invokes" });
  const test = go(
    async () => {
      await gosched();
      await client.prependReactor(async () => false);
    },
    { name: "test" },
  );
  await caller.join();
  await test.join();
  if (recorded !== 1) throw new Error(`one action was recorded ${recorded} times`);
}
