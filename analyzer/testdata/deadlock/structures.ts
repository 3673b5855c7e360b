import { go, gosched, Mutex, RWMutex, sleep, WaitGroup } from "@lockscope/sync";
import { after, Channel, onReceive, select, tick } from "@lockscope/sync/channel";
import { background, withCancel, withTimeout } from "@lockscope/sync/context";
import { ErrGroup, SingleFlight } from "@lockscope/sync/group";

declare function fetchPage(url: string): Promise<string>;
declare function log(text: string): void;

/** A worker that ends when its context does, and is told to. */
export async function cancelled(): Promise<void> {
  const [ctx, cancel] = withCancel(background());
  const work = new Channel<number>();
  const worker = go(async () => {
    for (let open = true; open; ) {
      open = await select(
        onReceive(ctx.done, () => false),
        onReceive(work, () => true),
      );
    }
  });
  await work.send(1);
  cancel();
  await worker.join();
}

/** Nobody calls cancel. */
export async function neverCancelled(): Promise<void> {
  const [ctx, cancel] = withCancel(background());
  const worker = go(async () => {
    await select(onReceive(ctx.done, () => false)); // want: stuck-channel
  });
  await worker.join();
  cancel();
}

export async function endsByItself(): Promise<void> {
  const [ctx, cancel] = withTimeout(background(), 20);
  const worker = go(async () => {
    await ctx.done.receive();
  });
  await worker.join();
  cancel();
}

export async function ticks(): Promise<number> {
  const stop = new Channel<never>();
  let count = 0;
  const worker = go(async () => {
    using ticker = tick(5);
    for (let open = true; open; ) {
      open = await select(
        onReceive(ticker, () => {
          count++;
          return true;
        }),
        onReceive(stop, () => false),
      );
    }
  });
  await sleep(20);
  stop.close();
  await worker.join();
  return count;
}

export async function heldWhileWaitingForAll(): Promise<void> {
  const mu = new Mutex();
  const wg = new WaitGroup();
  let done = 0;
  wg.go(async () => {
    await mu.withLock(() => {
      done++;
    });
  });
  await mu.withLock(async () => {
    await wg.wait(); // want: blocking-while-locked
  });
}

export async function waitsForAllFirst(): Promise<void> {
  const mu = new Mutex();
  const wg = new WaitGroup();
  let done = 0;
  wg.go(async () => {
    await mu.withLock(() => {
      done++;
    });
  });
  await wg.wait();
  await mu.withLock(() => {
    done = 0;
  });
}

export async function pages(urls: readonly string[]): Promise<string[]> {
  const mu = new Mutex();
  const found: string[] = [];
  await Promise.all(
    urls.map(async (url) => {
      const page = await fetchPage(url);
      await mu.withLock(() => {
        found.push(page);
      });
    }),
  );
  return found;
}

export async function pool(urls: readonly string[]): Promise<void> {
  const jobs = new Channel<string>(4);
  const wg = new WaitGroup();
  for (let worker = 0; worker < 3; worker++) {
    wg.go(async () => {
      for await (const url of jobs) log(await fetchPage(url));
    });
  }
  for (const url of urls) await jobs.send(url);
  jobs.close();
  await wg.wait();
}

export async function group(urls: readonly string[]): Promise<void> {
  const [tasks, ctx] = ErrGroup.withContext(background());
  tasks.setLimit(2);
  for (const url of urls) {
    tasks.go(async () => {
      if (ctx.err) return;
      log(await fetchPage(url));
    });
  }
  await tasks.wait();
}

export async function shared(): Promise<void> {
  const flight = new SingleFlight<number>();
  const results = await Promise.all([1, 2, 3].map(() => flight.do("key", async () => 1)));
  log(String(results.length));
}

export async function twoOfAKind(): Promise<void> {
  const rw = new RWMutex();
  const reader = async () => {
    using _ = await rw.acquireRead();
    await gosched();
  };
  const writer = async () => {
    using _ = await rw.acquire();
    await gosched();
  };
  await Promise.all([reader(), writer(), reader()]);
}

export async function eachHoldsOne(): Promise<void> {
  const a = new Mutex();
  const b = new Mutex();
  const first = async () => {
    using _ = await a.acquire();
    using __ = await b.acquire(); // want: lock-order
    await gosched();
  };
  const second = async () => {
    using _ = await b.acquire();
    using __ = await a.acquire(); // want: lock-order
    await gosched();
  };
  await Promise.all([first(), second()]);
}

export async function retries(): Promise<string> {
  const answer = new Channel<string>(1);
  for (let attempt = 0; attempt < 3; attempt++) {
    go(async () => {
      const page = await fetchPage("/");
      answer.trySend(page);
    });
    const got = await select(
      onReceive(answer, (page) => page),
      onReceive(after(100), () => undefined),
    );
    if (got !== undefined) return got;
  }
  return "";
}

/** An idle worker at the end is no defect by itself. */
export async function idle(): Promise<void> {
  const jobs = new Channel<number>(1);
  go(async () => {
    for (;;) {
      const job = await jobs.receive();
      log(String(job));
    }
  });
  await jobs.send(1);
}

export class Queue {
  readonly #jobs = new Channel<() => Promise<void>>(8);
  readonly #idle = new WaitGroup();
  #closed = false;

  start(workers: number): void {
    for (let n = 0; n < workers; n++) {
      this.#idle.go(async () => {
        for await (const job of this.#jobs) await job();
      });
    }
  }

  async submit(job: () => Promise<void>): Promise<void> {
    if (this.#closed) throw new Error("closed");
    await this.#jobs.send(job);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#jobs.close();
    await this.#idle.wait(); // want: deadlock
  }
}

export async function aQueue(): Promise<void> {
  const queue = new Queue();
  queue.start(2);
  for (let n = 0; n < 5; n++) await queue.submit(async () => log(String(n)));
  await queue.close();
}

/** The job itself closes the queue, and waits for itself. */
export async function closesItself(): Promise<void> {
  const queue = new Queue();
  const ended = new Channel<void>();
  queue.start(1);
  await queue.submit(async () => {
    await queue.close();
    ended.close();
  });
  await ended.receive();
}
