// Promise chains as they should be, and promises that are no chain of tasks.
type Task<T> = () => Promise<T>;
const ignore = () => {};

export class Queue {
  private tail: Promise<unknown> = Promise.resolve();

  /** Starts whatever became of the last. */
  either<T>(task: Task<T>): Promise<T> {
    const next = this.tail.then(task, task);
    this.tail = next;
    return next;
  }

  caught<T>(task: Task<T>): Promise<T> {
    const next = this.tail.then(() => task());
    this.tail = next.catch(ignore);
    return next;
  }

  settled<T>(task: Task<T>): Promise<T> {
    const result = this.tail.then(() => task());
    this.tail = result.then(ignore, ignore);
    return result;
  }

  before<T>(task: Task<T>): Promise<T> {
    const next = this.tail.catch(() => undefined).then(task);
    this.tail = next;
    return next;
  }

  logged(task: Task<void>): void {
    this.tail = this.tail.then(task).catch((error) => console.error(error));
  }

  /** The link is a promise that only the release resolves. */
  async exclusive<T>(task: Task<T>): Promise<T> {
    const previous = this.tail;
    let release = ignore;
    this.tail = new Promise<void>((resolve) => {
      release = resolve;
    });
    await previous;
    try {
      return await task();
    } finally {
      release();
    }
  }

  async triesFirst(task: Task<void>): Promise<void> {
    this.tail = this.tail.then(async () => {
      try {
        await task();
      } catch (error) {
        console.error(error);
      }
    });
    await this.tail;
  }

  async afterAll(task: Task<void>): Promise<void> {
    const previous = this.tail;
    this.tail = (async () => {
      try {
        await previous;
      } catch {
        // The one before has told its own caller.
      }
      await task();
    })();
    await this.tail;
  }

  byHelper(task: Task<void>): void {
    this.tail = this.behind(task);
  }

  private async behind(task: Task<void>): Promise<void> {
    const previous = this.tail;
    await previous.catch(ignore);
    await task();
  }

  reset(): void {
    this.tail = Promise.resolve();
  }
}

/** Set up step by step: what follows a failure is meant to fail. */
export class Builder {
  private steps: Promise<void> = Promise.resolve();
  private ready: Promise<void> = Promise.resolve();

  then_(step: Task<void>): this {
    this.steps = this.steps.then(step);
    return this;
  }

  prepare(step: Task<void>): void {
    this.ready = this.ready.then(step);
  }
}

/** One chain of one call: it stops at the first failure, and the caller hears of it. */
export async function inOrder(tasks: Task<void>[]): Promise<void> {
  let last = Promise.resolve();
  for (const task of tasks) last = last.then(task);
  await last;
}

export async function inOrderToo(tasks: Task<void>[]): Promise<void> {
  let last = Promise.resolve();
  tasks.forEach((task) => {
    last = last.then(task);
  });
  await last;
}

/** The latest of its kind, kept to be waited for at the end: not a queue. */
export class Saver {
  private saving: Promise<void> | undefined;
  private loading: Promise<string> | undefined;

  save(write: Task<void>): Promise<void> {
    this.saving = write();
    return this.saving;
  }

  /** One load at a time, shared by all who ask meanwhile. */
  async load(read: Task<string>): Promise<string> {
    if (this.loading) return this.loading;
    this.loading = read();
    try {
      return await this.loading;
    } finally {
      this.loading = undefined;
    }
  }

  /** Waits its turn, however many wait with it. */
  async again(write: Task<void>): Promise<void> {
    while (this.saving) await this.saving;
    this.saving = write().finally(() => {
      this.saving = undefined;
    });
    await this.saving;
  }

  async close(): Promise<void> {
    await this.saving;
    this.saving = undefined;
  }
}

export class Recovers {
  private tail: Promise<unknown> = Promise.resolve();

  run(task: Task<void>): Promise<unknown> {
    this.tail = this.tail.then(task);
    this.tail.catch(() => {
      this.tail = Promise.resolve();
    });
    return this.tail;
  }
}

const tails = new Map<string, Promise<unknown>>();

export async function perKey<T>(key: string, task: Task<T>): Promise<T> {
  const previous = tails.get(key) ?? Promise.resolve();
  const next = previous.then(task, task);
  const settled = next.catch(ignore);
  tails.set(key, settled);
  try {
    return await next;
  } finally {
    if (tails.get(key) === settled) tails.delete(key);
  }
}
