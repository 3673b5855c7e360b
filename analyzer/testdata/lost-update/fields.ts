declare function fetchCount(): Promise<number>;
declare function pause(): Promise<void>;
declare function save(value: unknown): Promise<void>;

interface Item {
  readonly id: number;
}

export class Counter {
  n = 0;
  total = 0;
  log = "";
  items: Item[] = [];
  settings: Record<string, string> = {};
  tail: Promise<void> = Promise.resolve();
  readonly byUser = new Map<string, number>();
  state = { hits: 0, name: "" };

  async twoSteps(): Promise<void> {
    const n = this.n;
    await pause();
    this.n = n + 1; // want: lost-update
  }

  async inOneExpression(): Promise<void> {
    this.total = this.total + (await fetchCount()); // want: lost-update
  }

  async compound(): Promise<void> {
    this.total += await fetchCount(); // want: lost-update
  }

  async text(): Promise<void> {
    this.log = `${this.log}\n${await fetchCount()}`; // want: lost-update
  }

  async spread(key: string): Promise<void> {
    this.settings = { ...this.settings, [key]: String(await fetchCount()) }; // want: lost-update
  }

  async listed(item: Item): Promise<void> {
    const items = [...this.items, item];
    await save(items);
    this.items = items; // want: lost-update
  }

  async filtered(id: number): Promise<void> {
    const rest = this.items.filter((item) => item.id !== id);
    try {
      await save(rest);
    } finally {
      this.items = rest; // want: lost-update
    }
  }

  async nested(): Promise<void> {
    const { hits } = this.state;
    await pause();
    this.state.hits = hits + 1; // want: lost-update
  }

  async inMap(user: string): Promise<void> {
    const before = this.byUser.get(user) ?? 0;
    await pause();
    this.byUser.set(user, before + 1); // want: lost-update
  }

  async onOnePath(slow: boolean): Promise<void> {
    const n = this.n;
    if (slow) await pause();
    this.n = n + 1; // want: lost-update
  }

  async inLoop(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const n = this.n;
      await pause();
      this.n = n + i; // want: lost-update
    }
  }

  async throughHelpers(): Promise<void> {
    const n = this.#read();
    await pause();
    this.#write(n + 1);
  }

  #read(): number {
    return this.n;
  }

  #write(n: number): void {
    this.n = n; // want: lost-update
  }

  inCallback(): Promise<void> {
    const n = this.n;
    return pause().then(() => {
      this.n = n + 1; // want: lost-update
    });
  }

  async readAfter(): Promise<void> {
    await pause();
    this.n = this.n + 1;
    const more = await fetchCount();
    this.total = this.total + more;
    this.total = (await fetchCount()) + this.total;
    this.n++;
  }

  async writtenBefore(): Promise<void> {
    const n = this.n;
    this.n = n + 1;
    await pause();
  }

  async lookedAtAgain(): Promise<void> {
    let n = this.n;
    await pause();
    if (n !== this.n) n = this.n;
    this.n = n + 1;
  }

  async taken(): Promise<void> {
    const items = this.items;
    this.items = [];
    try {
      await save(items);
    } catch {
      this.items = [...items, ...this.items];
    }
  }

  async restored(): Promise<void> {
    const before = this.state;
    this.state = { hits: 0, name: "tmp" };
    try {
      await pause();
    } finally {
      this.state = before;
    }
  }

  async own(): Promise<number> {
    const state = { n: this.n };
    await pause();
    state.n = state.n + (await fetchCount());
    return state.n;
  }

  queued(): Promise<void> {
    this.tail = this.tail.then(async () => {
      const n = this.n;
      await pause();
      this.n = n + 1;
    });
    return this.tail;
  }
}

interface Lock {
  lock(): Promise<void>;
  unlock(): void;
  runExclusive<T>(fn: () => Promise<T>): Promise<T>;
}

export class Locked {
  n = 0;
  busy = false;
  constructor(readonly mu: Lock) {}

  async plain(): Promise<void> {
    await this.mu.lock();
    try {
      const n = this.n;
      await pause();
      this.n = n + 1;
    } finally {
      this.mu.unlock();
    }
  }

  section(): Promise<void> {
    return this.mu.runExclusive(async () => {
      const n = this.n;
      await pause();
      this.n = n + 1;
    });
  }

  async split(): Promise<void> {
    await this.mu.lock();
    const n = this.n;
    this.mu.unlock();
    await pause();
    await this.mu.lock();
    this.n = n + 1; // want: lost-update
    this.mu.unlock();
  }

  async twoSections(): Promise<void> {
    const n = await this.mu.runExclusive(async () => this.n);
    await this.mu.runExclusive(async () => {
      this.n = n + 1; // want: lost-update
    });
  }

  async lockedTooLate(): Promise<void> {
    const n = this.n;
    await this.mu.lock();
    this.n = n + 1; // want: lost-update
    this.mu.unlock();
  }

  async flagged(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const n = this.n;
      await pause();
      this.n = n + 1;
    } finally {
      this.busy = false;
    }
  }
}

interface Page {
  data: Uint8Array | undefined;
}

export class Pages {
  private page: Page = { data: undefined };
  private size = 16;

  /** What is there stays, whatever was known of it before. */
  async fill(): Promise<void> {
    const size = this.page.data?.byteLength ?? this.size;
    await pause();
    const { page } = this;
    page.data = page.data || new Uint8Array(size);
  }

  async replace(): Promise<void> {
    const size = this.page.data?.byteLength ?? this.size;
    await pause();
    this.page.data = new Uint8Array(size + 1); // want: lost-update
  }
}

interface Context {
  url: string;
}

type Handler = (context: Context, next: (url: string) => Promise<void>) => Promise<void>;

/** The context of one request, changed by the handler that it is given to. */
export function chain(handlers: readonly Handler[]): (context: Context) => Promise<void> {
  return (context) => apply(0, context);

  function apply(index: number, context: Context): Promise<void> {
    const handle = handlers[index];
    if (handle === undefined) return Promise.resolve();
    return handle(context, async (path) => {
      const url = context.url + path;
      await pause();
      context.url = url;
      await apply(index + 1, context);
    });
  }
}
