// One task adds, another waits, and nothing says which comes first.
import { go, gosched, Mutex, sleep, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

class Stopper {
  readonly #workers = new WaitGroup({ name: "workers" });

  runWorker(work: () => Promise<void>): void {
    this.#workers.add(1); // want: waitgroup-add-after-wait
    go(async () => {
      try {
        await work();
      } finally {
        this.#workers.done();
      }
    });
  }

  async stop(): Promise<void> {
    await this.#workers.wait();
  }
}

class Dialer {
  constructor(private readonly stopper: Stopper) {}

  async connect(): Promise<void> {
    await gosched();
    this.stopper.runWorker(() => sleep(1));
  }
}

export async function bothAsTasks(): Promise<void> {
  const stopper = new Stopper();
  const dialer = new Dialer(stopper);
  const connect = go(() => dialer.connect());
  const stop = go(() => stopper.stop());
  await connect.join();
  await stop.join();
}

class Group {
  readonly #tasks = new WaitGroup();

  start(work: () => Promise<void>): void {
    this.#tasks.add(1); // want: waitgroup-add-after-wait
    go(async () => {
      try {
        await work();
      } finally {
        this.#tasks.done();
      }
    });
  }

  async drain(): Promise<void> {
    await this.#tasks.wait();
  }
}

async function listen(group: Group): Promise<void> {
  for (let n = 0; n < 3; n++) {
    await sleep(n);
    group.start(() => sleep(1));
  }
}

export async function waitsDirectly(): Promise<void> {
  const group = new Group();
  go(() => listen(group));
  await group.drain();
}

// Right: closed before it is drained, and whoever starts a task asks first.

class Guarded {
  readonly #mu = new Mutex();
  readonly #tasks = new WaitGroup();
  #closed = false;

  async start(work: () => Promise<void>): Promise<boolean> {
    using _ = await this.#mu.acquire();
    if (this.#closed) return false;
    this.#tasks.add(1);
    go(async () => {
      try {
        await work();
      } finally {
        this.#tasks.done();
      }
    });
    return true;
  }

  async close(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#closed = true;
    });
    await this.#tasks.wait();
  }
}

export async function asksFirst(): Promise<void> {
  const guarded = new Guarded();
  const start = go(() => guarded.start(() => sleep(1)));
  const close = go(() => guarded.close());
  await start.join();
  await close.join();
}

class Ordered {
  readonly #tasks = new WaitGroup();

  start(): void {
    this.#tasks.add(1);
    go(async () => {
      await sleep(1);
      this.#tasks.done();
    });
  }

  async startMany(ready: Channel<never>): Promise<void> {
    for (let n = 0; n < 3; n++) this.start();
    ready.close();
  }

  async drain(): Promise<void> {
    await this.#tasks.wait();
  }
}

export async function joined(): Promise<void> {
  const ordered = new Ordered();
  const adding = go(() => ordered.start());
  await adding.join();
  await ordered.drain();
}

export async function told(): Promise<void> {
  const ordered = new Ordered();
  const ready = new Channel<never>();
  go(() => ordered.startMany(ready));
  await ready.receive();
  await ordered.drain();
}

export async function allJoined(): Promise<void> {
  const ordered = new Ordered();
  const tasks = [go(() => ordered.start()), go(() => ordered.start())];
  for (const task of tasks) await task.join();
  const draining = go(() => ordered.drain());
  await draining.join();
}

export async function twoOfThem(): Promise<void> {
  const one = new Ordered();
  const other = new Ordered();
  go(() => one.start());
  await other.drain();
}

export async function keptAboveZero(): Promise<void> {
  const ordered = new Ordered();
  ordered.start();
  go(() => ordered.start());
  await ordered.drain();
}
