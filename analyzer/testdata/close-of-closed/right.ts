// One close each: flags, Once, one channel an owner.
import { go, sleep, Once } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

// guarded close
class Stopper {
  readonly #quit = new Channel<never>();
  readonly #once = new Once();
  #stopped = false;
  close(): void {
    if (!this.#quit.closed) this.#quit.close();
  }
  async closeOnce(): Promise<void> {
    await this.#once.do(() => this.#quit.close());
  }
  closeFlag(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#quit.close();
  }
  get quit(): Channel<never> {
    return this.#quit;
  }
}

export async function guardedCloses(): Promise<void> {
  const s = new Stopper();
  go(() => s.quit.receive());
  s.close();
  s.close();
  const t = new Stopper();
  await t.closeOnce();
  await t.closeOnce();
  const u = new Stopper();
  u.closeFlag();
  u.closeFlag();
}

// two instances
class Conn {
  readonly closed = new Channel<never>();
  close(): void {
    this.closed.close();
  }
}

export async function oneChannelEach(): Promise<void> {
  const a = new Conn();
  const b = new Conn();
  a.close();
  b.close();
  await a.closed.receive();
  for (const c of [new Conn(), new Conn()]) c.close();
}

// last one closes
export async function theLastOneCloses(n: number): Promise<void> {
  const out = new Channel<number>(1);
  let left = n;
  for (let i = 0; i < n; i++) {
    go(async () => {
      await out.send(i);
      left--;
      if (left === 0) out.close();
    });
  }
  for await (const v of out) console.log(v);
}

// swap channel
class Gate {
  #ch = new Channel<never>();
  async wait(): Promise<void> {
    await this.#ch.receive();
  }
  open(): void {
    const old = this.#ch;
    this.#ch = new Channel<never>();
    old.close();
  }
}

export async function gateOpensTwice(): Promise<void> {
  const g = new Gate();
  const t = go(() => g.wait());
  await sleep(1);
  g.open();
  await t.join();
  g.open();
}

class Prober {
  readonly #stop = new Channel<void>();
  #stopped = false;

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await sleep(1);
    this.#stop.close();
  }
}

// the flag is set before anybody else can look
export async function stopsOnce(): Promise<void> {
  const prober = new Prober();
  const tasks = [go(() => prober.stop()), go(() => prober.stop())];
  for (const task of tasks) await task.join();
}
