// The other side leaves: shapes of real services.
import { go, sleep } from "@lockscope/sync";
import { after, Channel, onReceive, select } from "@lockscope/sync/channel";
import { background, withCancel, type Context } from "@lockscope/sync/context";

// moby-33781: probe results after stop
export class Monitor {
  readonly stop = new Channel<never>();
  async run(probe: () => Promise<boolean>): Promise<void> {
    for (;;) {
      const results = new Channel<boolean>();
      go(async () => {
        const ok = await probe();
        await results.send(ok); // want: stuck-channel
      });
      const wanted = await select(
        onReceive(results, () => true),
        onReceive(this.stop, () => false),
      );
      if (!wanted) return;
      await sleep(1);
    }
  }
}

export async function stopsTheMonitor(): Promise<void> {
  const mon = new Monitor();
  const t = go(() => mon.run(async () => true));
  await sleep(3);
  mon.stop.close();
  await t.join();
}

// cockroach-18101
async function splitAndScatter(ready: Channel<boolean>): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await ready.send(true); // want: stuck-channel
  }
}

async function restore(ctx: Context): Promise<void> {
  const ready = new Channel<boolean>(2);
  go(() => splitAndScatter(ready));
  for (let i = 0; i < 4; i++) {
    const done = await select(
      onReceive(ctx.done, () => true),
      onReceive(ready, () => false),
    );
    if (done) return;
  }
}

export async function run18101(): Promise<void> {
  const [ctx, cancel] = withCancel(background());
  const r = go(() => restore(ctx));
  cancel();
  await r.join();
}

// kubernetes-38669: process sends to result nobody reads
class CacheWatcher {
  readonly result = new Channel<number>();
  readonly #input = new Channel<number>(4);
  async process(initial: number[]): Promise<void> {
    for (const e of initial) await this.#sendEvent(e);
    for await (const e of this.#input) await this.#sendEvent(e);
    this.result.close();
  }
  async #sendEvent(e: number): Promise<void> {
    await this.result.send(e); // want: stuck-channel
  }
  stop(): void {
    this.#input.close();
  }
}

export async function run38669(): Promise<void> {
  const w = new CacheWatcher();
  const t = go(() => w.process([1, 2, 3]));
  w.stop();
  await t.join();
}

// cockroach-25456
class Store {
  readonly quiesce = new Channel<never>();
  stop(): void {
    this.quiesce.close();
  }
}

export async function run25456(): Promise<void> {
  const store = new Store();
  try {
    await check(store);
  } finally {
    store.stop();
  }
}

async function check(store: Store): Promise<void> {
  await store.quiesce.receive(); // want: stuck-channel
}

// helper(ch) by parameter
async function produce(out: Channel<number>): Promise<void> {
  for (let n = 0; ; n++) {
    await out.send(n); // want: stuck-channel
  }
}

async function consume(out: Channel<number>): Promise<void> {
  for (let n = 0; n < 10; n++) {
    const v = await out.receive();
    if (Math.random() < 0.5) return;
    console.log(v);
  }
}

export async function helpers(): Promise<void> {
  const ch = new Channel<number>();
  go(() => produce(ch));
  await consume(ch);
}

// module level, two functions
const events = new Channel<string>();

async function emit(): Promise<void> {
  await events.send("a"); // want: stuck-channel
}

export async function onlyEmit(): Promise<void> {
  await emit();
}

// while loop receive, error leaves
export async function readUntilError(parse: (s: string) => Promise<Error | undefined>, lines: string[]): Promise<void> {
  const ch = new Channel<string>();
  go(async () => {
    for (const l of lines) await ch.send(l); // want: stuck-channel
    ch.close();
  });
  while (true) {
    const [l, ok] = await ch.receiveOk();
    if (!ok) break;
    const err = await parse(l ?? "");
    if (err) throw err;
  }
}
