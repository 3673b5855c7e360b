// Everybody who waits is met.
import { go, sleep, WaitGroup, type Task } from "@lockscope/sync";
import { after, Channel, onReceive, onSend, select, tick } from "@lockscope/sync/channel";
import { withCancel, type Context } from "@lockscope/sync/context";

// pipeline with close
export async function pipeline(items: number[]): Promise<number> {
  const jobs = new Channel<number>();
  const results = new Channel<number>();
  const wg = new WaitGroup();
  for (let i = 0; i < 3; i++) {
    wg.add(1);
    go(async () => {
      try {
        for await (const j of jobs) await results.send(j * 2);
      } finally {
        wg.done();
      }
    });
  }
  go(async () => {
    for (const item of items) await jobs.send(item);
    jobs.close();
  });
  go(async () => {
    await wg.wait();
    results.close();
  });
  let sum = 0;
  for await (const r of results) sum += r;
  return sum;
}

// worker with quit, in order
class Worker {
  readonly #jobs = new Channel<() => void>();
  readonly #quit = new Channel<never>();
  readonly #done = new Channel<never>();
  start(): void {
    go(async () => {
      for (;;) {
        const more = await select(
          onReceive(this.#jobs, (job) => {
            job?.();
            return true;
          }),
          onReceive(this.#quit, () => false),
        );
        if (!more) break;
      }
      this.#done.close();
    });
  }
  async submit(job: () => void): Promise<void> {
    await this.#jobs.send(job);
  }
  async stop(): Promise<void> {
    this.#quit.close();
    await this.#done.receive();
  }
}

export async function stopsAfterTheLastJob(): Promise<void> {
  const w = new Worker();
  w.start();
  await w.submit(() => {});
  await w.submit(() => {});
  await w.stop();
}

// semaphore channel
export async function slots(urls: string[], load: (u: string) => Promise<void>): Promise<void> {
  const slots = new Channel<void>(3);
  const tasks: Task[] = [];
  for (const url of urls) {
    await slots.send(undefined);
    tasks.push(
      go(async () => {
        try {
          await load(url);
        } finally {
          await slots.receive();
        }
      }),
    );
  }
  for (const t of tasks) await t.join();
}

// fan out gather
export async function gathersAll(urls: string[], load: (u: string) => Promise<string>): Promise<string[]> {
  const out = new Channel<string>();
  for (const url of urls) go(async () => out.send(await load(url)));
  const all: string[] = [];
  for (let i = 0; i < urls.length; i++) all.push((await out.receive()) ?? "");
  return all;
}

// first wins with room
export async function roomForAll(urls: string[], load: (u: string) => Promise<string>): Promise<string | undefined> {
  const out = new Channel<string>(urls.length);
  for (const url of urls) go(async () => out.send(await load(url)));
  return out.receive();
}

// timeouts with capacity
export async function roomForTheLateOne(load: () => Promise<string>): Promise<string> {
  const result = new Channel<string>(1);
  const failure = new Channel<unknown>(1);
  go(async () => {
    try {
      await result.send(await load());
    } catch (e) {
      await failure.send(e);
    }
  });
  return select(
    onReceive(result, (v) => v ?? ""),
    onReceive(failure, (e) => {
      throw e;
    }),
    onReceive(after(10), () => "late"),
  );
}

// ctx aware producer
export async function producerHeedsTheContext(ctx: Context, items: string[]): Promise<string | undefined> {
  const [inner, cancel] = withCancel(ctx);
  const out = new Channel<string>();
  go(async () => {
    try {
      for (const item of items) {
        const wanted = await select(
          onSend(out, item, () => true),
          onReceive(inner.done, () => false),
        );
        if (!wanted) return;
      }
    } finally {
      out.close();
    }
  });
  try {
    for await (const v of out) if (v.startsWith("x")) return v;
    return undefined;
  } finally {
    cancel();
  }
}

// done channel in finally
export async function closesInFinally(work: () => Promise<void>): Promise<void> {
  const done = new Channel<never>();
  go(async () => {
    try {
      await work();
    } finally {
      done.close();
    }
  });
  await done.receive();
}

// either result or error
export async function resultOrError(work: () => Promise<number>): Promise<number> {
  const ok = new Channel<number>();
  const bad = new Channel<unknown>();
  go(async () => {
    let v: number;
    try {
      v = await work();
    } catch (e) {
      await bad.send(e);
      return;
    }
    await ok.send(v);
  });
  return select(
    onReceive(ok, (v) => v ?? 0),
    onReceive(bad, (e) => {
      throw e;
    }),
  );
}

// request-reply server
interface Req {
  n: number;
  reply: Channel<number>;
}

class Server {
  readonly #reqs = new Channel<Req>();
  start(): void {
    go(async () => {
      for await (const req of this.#reqs) await req.reply.send(req.n + 1);
    });
  }
  async ask(n: number): Promise<number | undefined> {
    const reply = new Channel<number>();
    await this.#reqs.send({ n, reply });
    return reply.receive();
  }
  stop(): void {
    this.#reqs.close();
  }
}

export async function asksAServer(): Promise<void> {
  const s = new Server();
  s.start();
  console.log(await s.ask(1), await s.ask(2));
  s.stop();
}

// receiveOk loop
export async function readsUntilClosed(): Promise<void> {
  const ch = new Channel<number>();
  const t = go(async () => {
    for (;;) {
      const [v, ok] = await ch.receiveOk();
      if (!ok) return;
      console.log(v);
    }
  });
  for (let i = 0; i < 3; i++) await ch.send(i);
  ch.close();
  await t.join();
}

// ping pong
export async function pingPong(): Promise<void> {
  const ping = new Channel<number>();
  const pong = new Channel<number>();
  go(async () => {
    for await (const n of ping) await pong.send(n + 1);
    pong.close();
  });
  for (let i = 0; i < 4; i++) {
    await ping.send(i);
    await pong.receive();
  }
  ping.close();
}

// counting loop
export async function countsDown(tasks: (() => Promise<void>)[]): Promise<void> {
  const done = new Channel<void>();
  for (const t of tasks) {
    go(async () => {
      await t();
      await done.send(undefined);
    });
  }
  let pending = tasks.length;
  while (pending > 0) {
    await done.receive();
    pending--;
  }
}

// break then drain
export async function drainsTheRest(items: number[]): Promise<number> {
  const out = new Channel<number>();
  go(async () => {
    for (const item of items) await out.send(item);
    out.close();
  });
  let found = 0;
  for await (const v of out) {
    if (v > 10) {
      found = v;
      break;
    }
  }
  for await (const _ of out);
  return found;
}

// barrier-ish start
export async function startsTogether(n: number): Promise<void> {
  const start = new Channel<never>();
  const tasks = [];
  for (let i = 0; i < n; i++) tasks.push(go(async () => { await start.receive(); console.log(i); }));
  await sleep(1);
  start.close();
  for (const t of tasks) await t.join();
}

// promise in flight
export async function promisesInFlight(): Promise<void> {
  const ch = new Channel<number>();
  const p = ch.send(1);
  console.log(await ch.receive());
  await p;
  const [, v] = await Promise.all([ch.send(2), ch.receive()]);
  console.log(v);
}

// event bus handed out
export class Hub {
  readonly #subs = new Set<Channel<string>>();
  subscribe(): Channel<string> {
    const ch = new Channel<string>(16);
    this.#subs.add(ch);
    return ch;
  }
  async publish(m: string): Promise<void> {
    for (const s of this.#subs) await s.send(m);
  }
  unsubscribe(ch: Channel<string>): void {
    if (this.#subs.delete(ch)) ch.close();
  }
  close(): void {
    for (const s of this.#subs) s.close();
    this.#subs.clear();
  }
}

export async function hubOfChannels(): Promise<void> {
  const hub = new Hub();
  const a = hub.subscribe();
  const t = go(async () => {
    for await (const m of a) console.log(m);
  });
  await hub.publish("x");
  hub.close();
  await t.join();
}

// ticker with stop
export async function tickerWithAStop(ms: number): Promise<() => void> {
  const stop = new Channel<never>();
  go(async () => {
    using t = tick(ms);
    for (let run = true; run; ) run = await select(onReceive(t, () => true), onReceive(stop, () => false));
  });
  return () => stop.close();
}

// mutex by channel
export async function mutexOfOneSlot(fns: (() => Promise<void>)[]): Promise<void> {
  const mu = new Channel<void>(1);
  const wg = new WaitGroup();
  for (const fn of fns) {
    wg.go(async () => {
      await mu.send(undefined);
      try { await fn(); } finally { await mu.receive(); }
    });
  }
  await wg.wait();
}

// close on error path and return
export async function closesOnEveryWay(load: () => Promise<string[]>): Promise<string[]> {
  const out = new Channel<string>();
  const t = go(async () => {
    let items: string[];
    try {
      items = await load();
    } catch {
      out.close();
      return;
    }
    for (const i of items) await out.send(i);
    out.close();
  });
  const all: string[] = [];
  for await (const v of out) all.push(v);
  await t.join();
  return all;
}

// errgroup-like collect
export async function firstErrorOfAll(fns: (() => Promise<void>)[]): Promise<void> {
  const errs = new Channel<Error>(fns.length);
  const wg = new WaitGroup();
  for (const fn of fns) {
    wg.go(async () => {
      try { await fn(); } catch (e) { await errs.send(e as Error); }
    });
  }
  await wg.wait();
  errs.close();
  for await (const e of errs) throw e;
}

// producer stops when told, told after consumer finishes
export async function toldAfterTheLast(): Promise<void> {
  const stop = new Channel<never>();
  const out = new Channel<number>();
  const p = go(async () => {
    for (let n = 0, on = true; on; n++) on = await select(onSend(out, n, () => true), onReceive(stop, () => false));
  });
  for (let i = 0; i < 5; i++) await out.receive();
  stop.close();
  await p.join();
}

// optional notify
export async function onlyWhenWanted(notify: boolean): Promise<void> {
  const done = new Channel<void>();
  go(async () => {
    if (notify) await done.send(undefined);
  });
  if (notify) await done.receive();
}

// sentinel
export async function endsWithAMark(lines: string[]): Promise<void> {
  const ch = new Channel<string | null>();
  const t = go(async () => {
    for (;;) {
      const line = await ch.receive();
      if (line === null || line === undefined) break;
      console.log(line);
    }
  });
  for (const line of lines) await ch.send(line);
  await ch.send(null);
  await t.join();
}

export async function rangedOverUntilTold(signal: AbortSignal): Promise<void> {
  const numbers = new Channel<number>();
  go(async () => {
    for await (const n of numbers.values({ signal })) console.log(n);
  });
  await numbers.send(1);
}
