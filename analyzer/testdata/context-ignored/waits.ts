// A function that is given a Context waits with it.
import { Cond, go, gosched, Mutex, sleep, type Task, WaitGroup } from "@lockscope/sync";
import { Channel, after, onReceive, onSend, otherwise, select } from "@lockscope/sync/channel";
import { afterFunc, type CancelFunc, type Context, withTimeout } from "@lockscope/sync/context";
import { ErrGroup, Semaphore } from "@lockscope/sync/group";
import { all } from "@lockscope/sync/orchestrate";
import { orDone } from "@lockscope/sync/patterns";

declare function fill(ctx: Context, url: string): Promise<void>;
declare function work(url: string): Promise<void>;

export async function receives(ctx: Context, jobs: Channel<string>): Promise<string | undefined> {
  if (ctx.err !== undefined) return undefined;
  return jobs.receive(); // want: context-ignored
}

export async function sends(ctx: Context, jobs: Channel<string>): Promise<void> {
  await fill(ctx, "a");
  await jobs.send("a"); // want: context-ignored
}

export async function ranges(ctx: Context, jobs: Channel<string>): Promise<void> {
  for await (const job of jobs) { // want: context-ignored
    await fill(ctx, job);
  }
}

export async function sleeps(ctx: Context): Promise<void> {
  while (ctx.err === undefined) {
    await work("poll");
    await sleep(100); // want: context-ignored
  }
}

export async function joins(ctx: Context, task: Task<string>): Promise<string> {
  await fill(ctx, "b");
  return task.join(); // want: context-ignored
}

export async function waits(ctx: Context, wg: WaitGroup): Promise<void> {
  console.log(ctx.deadline);
  await wg.wait(); // want: context-ignored
}

export async function selects(ctx: Context, jobs: Channel<string>, quit: Channel<never>): Promise<void> {
  await fill(ctx, "c");
  await select( // want: context-ignored
    onReceive(jobs, (job) => work(job ?? "")),
    onReceive(quit, () => undefined),
  );
}

export async function arrow(ctx: Context): Promise<void> {
  await all(ctx, async (inner) => {
    console.log(inner.err);
    await sleep(10); // want: context-ignored
  });
}

export class Worker {
  readonly #mu = new Mutex();
  readonly #cond = new Cond(this.#mu);
  readonly #jobs: Channel<string>;
  #idle = false;

  constructor(
    private readonly ctx: Context,
    jobs: Channel<string>,
  ) {
    this.#jobs = jobs;
  }

  async run(): Promise<void> {
    const job = await this.#jobs.receive(); // want: context-ignored
    console.log(job, this.ctx.err);
  }

  async untilIdle(): Promise<void> {
    await this.#mu.lock();
    try {
      while (!this.#idle) await this.#cond.wait(); // want: context-ignored
    } finally {
      this.#mu.unlock();
    }
  }

  idle(): void {
    this.#idle = true;
    this.#cond.broadcast();
  }
}

// Right.

export async function withSignal(ctx: Context, jobs: Channel<string>, wg: WaitGroup): Promise<void> {
  await jobs.receive({ signal: ctx.signal });
  await jobs.send("x", { signal: ctx.signal });
  await sleep(10, { signal: ctx.signal });
  await wg.wait({ signal: AbortSignal.any([ctx.signal]) });
}

export async function withOptions(ctx: Context, jobs: Channel<string>): Promise<void> {
  const options = { signal: ctx.signal };
  await jobs.receive(options);
  const { signal } = ctx;
  await jobs.receive({ signal });
}

export async function onDone(ctx: Context, jobs: Channel<string>): Promise<void> {
  await select(
    onReceive(jobs, (job) => work(job ?? "")),
    onReceive(ctx.done, () => undefined),
  );
  await ctx.done.receive();
}

export async function locksDoNotCount(ctx: Context, mu: Mutex, slots: Semaphore): Promise<void> {
  await mu.lock();
  try {
    await slots.withPermit(() => fill(ctx, "d"));
    await gosched();
  } finally {
    mu.unlock();
  }
}

export async function nested(ctx: Context, jobs: Channel<string>): Promise<void> {
  go(async () => {
    await jobs.receive();
  });
  await fill(ctx, "e");
}

export async function noContext(jobs: Channel<string>): Promise<void> {
  await jobs.receive();
  await sleep(10);
}

export async function tied(ctx: Context, jobs: Channel<string>): Promise<void> {
  for await (const job of orDone(ctx, jobs)) await fill(ctx, job);
}

export async function tiedByName(ctx: Context, jobs: Channel<string>): Promise<void> {
  const open = orDone(ctx, jobs);
  for await (const job of open) await fill(ctx, job);
}

export async function waitsForItsOwn(ctx: Context, urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) wg.go(() => fill(ctx, url));
  await wg.wait();
}

export async function joinsItsOwn(ctx: Context): Promise<void> {
  const task = go(() => fill(ctx, "f"));
  await task.join();
  const tasks: Task<void>[] = [];
  for (let n = 0; n < 3; n++) tasks.push(go(() => fill(ctx, `${n}`)));
  for (const each of tasks) await each.join();
}

export async function groups(ctx: Context): Promise<void> {
  const [group, inner] = ErrGroup.withContext(ctx);
  group.go(() => fill(inner, "g"));
  await group.wait();
}

export async function closedOnCancel(ctx: Context, jobs: Channel<string>): Promise<void> {
  afterFunc(ctx, () => jobs.close());
  for await (const job of jobs) await work(job);
}

export async function closedByAListener(ctx: Context, jobs: Channel<string>): Promise<void> {
  ctx.signal.addEventListener("abort", () => jobs.close(), { once: true });
  await jobs.receive();
}

export async function closedByATask(ctx: Context, jobs: Channel<string>): Promise<void> {
  go(async () => {
    await ctx.done.receive();
    jobs.close();
  });
  await jobs.receive();
}

export async function notBlocking(ctx: Context, jobs: Channel<string>): Promise<void> {
  jobs.trySend("h");
  await select(
    onSend(jobs, "i", () => undefined),
    otherwise(() => undefined),
  );
  await fill(ctx, "j");
}

export async function bounded(ctx: Context, jobs: Channel<string>): Promise<void> {
  await fill(ctx, "k");
  await select(
    onReceive(jobs, () => undefined),
    onReceive(after(10), () => undefined),
  );
}

export async function derived(ctx: Context, jobs: Channel<string>): Promise<void> {
  const [limited, cancel] = withTimeout(ctx, 100);
  try {
    await jobs.receive({ signal: limited.signal });
  } finally {
    cancel();
  }
}

/** Cancels, then waits for what it cancelled. */
export class Server {
  readonly #tasks = new WaitGroup();
  constructor(
    readonly ctx: Context,
    private readonly cancel: CancelFunc,
  ) {}

  start(url: string): void {
    this.#tasks.go(() => fill(this.ctx, url));
  }

  async stop(): Promise<void> {
    this.cancel();
    await this.#tasks.wait();
  }

  static async pause(): Promise<void> {
    await sleep(1);
  }
}

/** Cancelled already: what is left winds down. */
export async function afterTheEnd(ctx: Context, jobs: Channel<string>, task: Task<void>): Promise<void> {
  if (ctx.err !== undefined) {
    await task.join();
    return;
  }
  await ctx.done.receive();
  jobs.close();
  await task.join();
}

export async function cleansUp(ctx: Context, wg: WaitGroup): Promise<void> {
  try {
    await fill(ctx, "l");
  } finally {
    await wg.wait();
  }
}

/** Its tasks end with the context: whoever waits for them need not ask it. */
export class Pool {
  readonly #tasks = new WaitGroup();
  constructor(private readonly ctx: Context) {}

  start(url: string): void {
    this.#tasks.go(() => fill(this.ctx, url));
  }

  async finished(): Promise<void> {
    await this.#tasks.wait();
  }
}

export async function selectsByAnotherName(ctx: Context, jobs: Channel<string>): Promise<boolean> {
  const gone = ctx.done;
  return select(
    onReceive(jobs, () => true),
    onReceive(gone, () => false),
  );
}
