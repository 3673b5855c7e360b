// A comment names the lock.
import { go, type Guard, Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;
declare function each<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void>;

export class Wrong {
  readonly #mu = new Mutex({ name: "wrong" });
  readonly state = { mu: new Mutex({ name: "nested" }), total: 0 };
  /** @guardedBy #mu */
  #count = 0;
  /**
   * Jobs in the order of their arrival.
   * @guardedBy #mu
   */
  readonly #jobs: string[] = [];
  /** @guardedBy this.state.mu the sum of all jobs */
  sum = 0;
  /** @guardedBy #mu */
  #byName: Record<string, number> = {};

  async put(job: string): Promise<void> {
    await this.#mu.withLock(() => {
      this.#jobs.push(job);
      this.#count += 1;
    });
    this.#count -= 1; // want: unguarded-access
  }

  get size(): number {
    return this.#jobs.length; // want: unguarded-access
  }

  async drain(): Promise<void> {
    for (const job of this.#jobs) { // want: unguarded-access
      await load(job);
    }
  }

  async afterRelease(): Promise<number> {
    await this.#mu.lock();
    try {
      this.#jobs.length = 0;
    } finally {
      this.#mu.unlock();
    }
    return this.#count; // want: unguarded-access
  }

  async onOnePath(quick: boolean): Promise<void> {
    if (!quick) await this.#mu.lock();
    this.#byName.a = 1; // want: unguarded-access
    if (!quick) this.#mu.unlock();
  }

  async otherLock(): Promise<void> {
    await this.#mu.lock();
    this.sum += 1; // want: unguarded-access
    this.#mu.unlock();
  }

  async inATask(): Promise<void> {
    await this.#mu.lock();
    try {
      setTimeout(() => {
        this.#count = 0; // want: unguarded-access
      }, 10);
    } finally {
      this.#mu.unlock();
    }
  }

  remove(name: string): void {
    delete this.#byName[name]; // want: unguarded-access
  }

  swap(): void {
    [this.#count, this.sum] = [1, 2]; // want: unguarded-access, unguarded-access
  }

  byAnotherName(): number {
    const jobs = this.#jobs;
    return jobs.filter((job) => job !== "").length; // want: unguarded-access
  }

  inAPattern(): number {
    const { sum } = this; // want: unguarded-access
    return sum;
  }

  async someCallersHold(): Promise<void> {
    await this.#mu.withLock(() => this.#bump());
    this.#bump();
  }

  #bump(): void {
    this.#count++; // want: unguarded-access
  }

  start(): void {
    go(() => this.#loop());
  }

  async #loop(): Promise<void> {
    this.#jobs.shift(); // want: unguarded-access
  }

  async beside(names: string[]): Promise<void> {
    await each(names, async (name) => {
      this.#byName[name] = 1; // want: unguarded-access
    });
  }
}

export class Right {
  readonly #mu = new Mutex({ name: "right" });
  readonly #rw = new RWMutex({ name: "table" });
  /** @guardedBy #mu */
  #count: number;
  /** @guardedBy #mu */
  readonly #jobs: string[] = [];
  /** @guardedBy #rw */
  readonly #table = new Map<string, string>();

  constructor(jobs: readonly string[], rows: readonly string[]) {
    this.#count = jobs.length;
    for (const job of jobs) this.#jobs.push(job);
    this.#fill(rows);
  }

  /** Only the constructor calls it. */
  #fill(rows: readonly string[]): void {
    for (const row of rows) this.#table.set(row, "");
  }

  static async open(keys: readonly string[]): Promise<Right> {
    const made = new Right([], []);
    for (const key of keys) made.#jobs.push(await load(key));
    await made.warm();
    return made;
  }

  /** Only the factory calls it. */
  private async warm(): Promise<void> {
    this.#table.set("", await load(""));
  }

  async put(job: string): Promise<void> {
    await this.#mu.lock();
    try {
      this.#jobs.push(job);
      this.#added();
    } finally {
      this.#mu.unlock();
    }
  }

  /** All callers hold the lock. */
  #added(): void {
    this.#count += 1;
  }

  /** @requires #mu */
  flush(): void {
    this.#jobs.length = 0;
  }

  async guard(): Promise<number> {
    using _ = await this.#mu.acquire();
    return this.#jobs.filter((job) => job.length > this.#count).length;
  }

  async read(key: string): Promise<string | undefined> {
    await this.#rw.rLock();
    try {
      return this.#table.get(key);
    } finally {
      this.#rw.rUnlock();
    }
  }

  async throughTheReadSide(key: string): Promise<string | undefined> {
    const reader = this.#rw.rLocker();
    await reader.lock();
    try {
      return this.#table.get(key);
    } finally {
      reader.unlock();
    }
  }

  async nested(): Promise<void> {
    await this.#mu.withLock(async () => {
      await Promise.all(this.#jobs.map(async (job) => this.#table.has(job) || (this.#count += job.length))); // want: unguarded-access
    });
  }

  /** A section that the callers' work runs in. */
  async exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#mu.withLock(work);
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    await this.#mu.lock();
    try {
      return await work();
    } finally {
      this.#mu.unlock();
    }
  }

  async inSections(): Promise<number> {
    await this.exclusive(() => {
      this.#count = 0;
    });
    return this.#locked(async () => this.#count);
  }

  async tried(): Promise<boolean> {
    if (!this.#mu.tryLock()) return false;
    this.#count = 0;
    this.#mu.unlock();
    return true;
  }

  /** Only its name goes round. */
  async handedOn(): Promise<number> {
    const jobs = this.#jobs;
    return this.#mu.withLock(() => jobs.length);
  }

  async taken(): Promise<string[]> {
    const jobs = await this.#mu.withLock(() => this.#jobs.splice(0));
    return jobs.map((job) => job.trim());
  }

  /** @acquires #mu */
  async begin(): Promise<void> {
    await this.#mu.lock();
  }

  /** @releases #mu */
  end(): void {
    this.#count = 0;
    this.#mu.unlock();
  }

  async between(): Promise<void> {
    await this.begin();
    try {
      this.#jobs.push("between");
    } finally {
      this.end();
    }
  }

  async promised(): Promise<void> {
    await this.#mu.lock().then(() => {
      this.#count = 0;
      this.#mu.unlock();
    });
  }

  async kept(): Promise<Guard> {
    const guard = await this.#mu.acquire();
    this.#count = 0;
    return guard;
  }
}

/** Two instances have two locks. */
export class Account {
  readonly mu = new Mutex();
  /** @guardedBy mu */
  balance = 0;
}

export async function transfer(from: Account, to: Account, amount: number): Promise<void> {
  await from.mu.lock();
  try {
    from.balance -= amount;
    to.balance += amount; // want: unguarded-access
  } finally {
    from.mu.unlock();
  }
}

export async function total(accounts: readonly Account[]): Promise<number> {
  let sum = 0;
  for (const account of accounts) {
    await account.mu.lock();
    sum += account.balance;
    account.mu.unlock();
  }
  return sum;
}

export async function both(from: Account, to: Account, amount: number): Promise<void> {
  await from.mu.withLock(() =>
    // lockscope-disable-next-line lock-order -- the callers name them in order
    to.mu.withLock(() => {
      from.balance -= amount;
      to.balance += amount;
    }),
  );
}

const registry = new Mutex({ name: "registry" });
/** @guardedBy registry */
let open: string[] = [];

export async function register(name: string): Promise<void> {
  await registry.withLock(() => {
    open = [...open, name];
  });
}

export function names(): readonly string[] {
  return open; // want: unguarded-access
}

/** @guardedBy registry */
const seen = new Set<string>();

export async function see(name: string): Promise<boolean> {
  if (seen.has(name)) return true; // want: unguarded-access
  using _ = await registry.acquire();
  seen.add(name); // want: check-then-acquire
  return false;
}

export interface Session {
  readonly mu: Mutex;
  /** @guardedBy mu */
  token: string;
}

export async function refresh(session: Session): Promise<string> {
  const token = await load(session.token); // want: unguarded-access
  await session.mu.withLock(() => {
    session.token = token;
  });
  return token;
}

export async function scenario(): Promise<number> {
  const mu = new Mutex();
  /** @guardedBy mu */
  let count = 0;
  const tasks = [1, 2, 3].map((step) =>
    go(async () => {
      await mu.lock();
      count += step;
      mu.unlock();
    }),
  );
  const last = go(async () => {
    count += 1; // want: unguarded-access
  });
  for (const task of [...tasks, last]) await task.join();
  return count;
}
