// Hand-written copies: what they take over from the original decides.
import { Mutex, RWMutex } from "@lockscope/sync";

export class Counter {
  mu = new Mutex({ name: "counter" });
  value = 0;

  clone(): Counter {
    const copy = new Counter();
    copy.mu = this.mu; // want: copied-lock
    copy.value = this.value;
    return copy;
  }

  snapshot(): Counter {
    const copy = new Counter();
    copy.value = this.value;
    return copy;
  }
}

export class Table {
  readonly rows = new Map<string, string>();
  private rw = new RWMutex({ name: "table" });

  clone(): Table {
    const copy = Object.assign(new Table(), this); // want: copied-lock
    return copy;
  }

  fork(): Table {
    const copy = new Table();
    for (const [key, value] of this.rows) copy.rows.set(key, value);
    return copy;
  }

  async size(): Promise<number> {
    await this.rw.rLock();
    const size = this.rows.size;
    this.rw.rUnlock();
    return size;
  }
}

interface Account {
  mu: Mutex;
  cents: number;
}

export function cloneAccount(account: Account): Account {
  return { mu: account.mu, cents: account.cents }; // want: copied-lock
}

export function copyOf(account: Account): Account {
  return { mu: new Mutex(), cents: account.cents };
}

// A helper is given the lock of its maker, so that both exclude each other: a reference, meant as one.
export class Writer {
  constructor(
    private readonly mu: Mutex,
    private readonly lines: string[],
  ) {}

  async write(line: string): Promise<void> {
    await this.mu.lock();
    this.lines.push(line);
    this.mu.unlock();
  }
}

export class File {
  private readonly mu = new Mutex({ name: "file" });
  private readonly lines: string[] = [];

  writer(): Writer {
    return new Writer(this.mu, this.lines);
  }

  view(): { lock: Mutex; lines: readonly string[] } {
    return { lock: this.mu, lines: this.lines };
  }

  read(): string[] {
    return [...this.lines];
  }
}

export class Registry {
  private static instance: Registry | undefined;
  readonly mu = new Mutex({ name: "registry" });

  static get(): Registry {
    Registry.instance ??= new Registry();
    return Registry.instance;
  }
}

// A clone() of something that owns no lock.
export class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}

  clone(): Point {
    return Object.assign(new Point(0, 0), this);
  }
}

class UploadSession {
  constructor(
    readonly key: string,
    readonly mutex: Mutex,
  ) {}
}

/** Named for what it copies, which is not the bucket. */
export class Bucket {
  constructor(
    readonly name: string,
    private readonly mutex = new Mutex(),
  ) {}

  copyObject(to: string): UploadSession {
    return new UploadSession(to, this.mutex);
  }

  duplicateKeys(keys: string[]): { mutex: Mutex; keys: string[] } {
    return { mutex: this.mutex, keys: keys.filter((key, at) => keys.indexOf(key) !== at) };
  }

  copy(): Bucket {
    return new Bucket(this.name, this.mutex); // want: copied-lock
  }
}
