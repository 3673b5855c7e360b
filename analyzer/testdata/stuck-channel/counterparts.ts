// The other side is missing, comes too late, or has left.
import { go, sleep } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";
import { type Context } from "@lockscope/sync/context";

export async function sendsBeforeItReceives(): Promise<number | undefined> {
  const ch = new Channel<number>();
  await ch.send(1); // want: stuck-channel
  return ch.receive();
}

export async function fillsItsOwnBuffer(): Promise<void> {
  const ch = new Channel<number>(1);
  await ch.send(1);
  await ch.send(2); // want: stuck-channel
  console.log(await ch.receive());
}

export async function firstAnswerWins(urls: string[], load: (u: string) => Promise<string>): Promise<string | undefined> {
  const first = new Channel<string>();
  for (const url of urls) {
    go(async () => {
      await first.send(await load(url)); // want: stuck-channel
    });
  }
  return first.receive();
}

export async function leavesBeforeItReceives(load: () => Promise<string>, dry: boolean): Promise<string | undefined> {
  const result = new Channel<string>();
  go(async () => {
    const v = await load();
    await result.send(v); // want: stuck-channel
  });
  if (dry) return "dry";
  return result.receive();
}

export async function stopsAtTheFirstLarge(items: number[]): Promise<number> {
  const out = new Channel<number>();
  go(async () => {
    for (const item of items) await out.send(item); // want: stuck-channel
    out.close();
  });
  for await (const v of out) {
    if (v > 10) return v;
  }
  return 0;
}

export async function saysNothingOnFailure(work: () => Promise<boolean>): Promise<void> {
  const done = new Channel<never>();
  go(async () => {
    const ok = await work();
    if (!ok) return;
    done.close();
  });
  await done.receive(); // want: stuck-channel
}

export async function saysNothingOnError(work: () => Promise<void>): Promise<void> {
  const done = new Channel<never>();
  go(async () => {
    try {
      await work();
      done.close();
    } catch (error) {
      console.log(error);
    }
  });
  await done.receive(); // want: stuck-channel
}

export async function leavesOnCancel(ctx: Context, xs: number[]): Promise<number> {
  const out = new Channel<number>();
  go(async () => {
    for (const x of xs) {
      if (ctx.err) return;
      await out.send(x); // want: stuck-channel
    }
  });
  let sum = 0;
  for (;;) {
    const stop = await select(
      onReceive(out, (v) => {
        sum += v ?? 0;
        return false;
      }),
      onReceive(ctx.done, () => true),
    );
    if (stop) return sum;
  }
}

class Node {
  readonly #status = new Channel<Channel<string>>();
  readonly #stop = new Channel<never>();
  readonly done = new Channel<never>();
  async run(): Promise<void> {
    for (;;) {
      const more = await select(
        onReceive(this.#status, async (c) => {
          await c?.send("ok");
          return true;
        }),
        onReceive(this.#stop, () => false),
      );
      if (!more) break;
    }
    this.done.close();
  }
  async status(): Promise<string | undefined> {
    const c = new Channel<string>();
    await this.#status.send(c); // want: stuck-channel
    return c.receive();
  }
  async stop(): Promise<void> {
    this.#stop.close();
    await this.done.receive();
  }
}

export default async function scenario(): Promise<void> {
  const n = new Node();
  const run = go(() => n.run());
  const s = go(() => n.status());
  const t = go(() => n.stop());
  for (const x of [run, s, t]) await x.join();
}

export function report(f: () => Promise<Error | undefined>): Channel<Error | undefined> {
  const ch = new Channel<Error | undefined>();
  go(async () => {
    await ch.send(await f()); // want: stuck-channel
  });
  return ch;
}

export async function dropsTheReport(): Promise<void> {
  report(async () => undefined);
  await sleep(1);
}

export async function oneTooFewReceives(): Promise<void> {
  const results = new Channel<number>();
  for (let i = 0; i < 3; i++) go(() => results.send(i)); // want: stuck-channel
  for (let i = 0; i < 2; i++) console.log(await results.receive());
}

export async function oneTooManyReceives(): Promise<void> {
  const results = new Channel<number>();
  for (let i = 0; i < 2; i++) go(() => results.send(i));
  for (let i = 0; i < 3; i++) console.log(await results.receive()); // want: stuck-channel
}
