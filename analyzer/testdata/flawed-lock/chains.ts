// Promise chains: each task is a link behind the one before.
type Task<T> = () => Promise<T>;

export class Replaced {
  private tail: Promise<unknown> = Promise.resolve();

  async run<T>(task: Task<T>): Promise<T> {
    await this.tail;
    const result = task();
    this.tail = result.catch(() => {}); // want: flawed-lock
    return result;
  }

  async directly(task: Task<void>): Promise<void> {
    await this.tail;
    this.tail = task(); // want: flawed-lock
    await this.tail;
  }
}

export class NeverBehind {
  private queue: Promise<unknown> = Promise.resolve();

  enqueue<T>(task: Task<T>): Promise<unknown> {
    this.queue = task(); // want: flawed-lock
    return this.queue;
  }
}

export class Breaks {
  private tail: Promise<unknown> = Promise.resolve();
  private writes: Promise<void> = Promise.resolve();

  run(task: Task<void>): Promise<unknown> {
    this.tail = this.tail.then(task); // want: flawed-lock
    return this.tail;
  }

  runLater(task: Task<void>): Promise<unknown> {
    const next = this.tail.then(() => task());
    this.tail = next; // want: flawed-lock
    return next;
  }

  write(line: string): Promise<void> {
    this.writes = this.writes.then(() => append(line)).finally(() => noteWrite()); // want: flawed-lock
    return this.writes;
  }

  async afterAwait(task: Task<void>): Promise<void> {
    const previous = this.tail;
    this.tail = (async () => { // want: flawed-lock
      await previous;
      await task();
    })();
    await this.tail;
  }
}

const chains = new Map<string, Promise<unknown>>();

export function perKey<T>(key: string, task: Task<T>): Promise<unknown> {
  const next = (chains.get(key) ?? Promise.resolve()).then(task);
  chains.set(key, next); // want: flawed-lock
  return next;
}

export function createQueue(): (task: Task<void>) => Promise<void> {
  let last = Promise.resolve();
  return (task) => {
    last = last.then(task); // want: flawed-lock
    return last;
  };
}

declare function append(line: string): Promise<void>;
declare function noteWrite(): void;
