// Locks that are handed over on purpose: enter and leave, wrappers, tasks and callbacks that unlock later.
import { go, type Locker, Mutex, RWMutex, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

declare function persist(rows: readonly string[]): Promise<void>;

/** One method locks, another one unlocks. */
export class Section {
  private readonly mu = new Mutex({ name: "section" });
  private entered = 0;

  async enter(): Promise<void> {
    await this.mu.lock();
    this.entered++;
  }

  leave(): void {
    this.entered--;
    this.mu.unlock();
  }
}

/** The result says whether the caller holds the lock now; `finish` gives it back. */
export class Turnstile {
  private readonly mu = new Mutex({ name: "turnstile" });
  private closed = false;

  async tryEnter(): Promise<boolean> {
    await this.mu.lock();
    if (this.closed) {
      this.mu.unlock();
      return false;
    }
    return true;
  }

  finish(): void {
    this.mu.unlock();
  }
}

/** A Locker of one's own forwards to another one. */
export class CountingLock implements Locker {
  locks = 0;
  constructor(private readonly inner: Locker) {}

  async lock(): Promise<void> {
    await this.inner.lock();
    this.locks++;
  }

  unlock(): void {
    this.inner.unlock();
  }
}

export class LoudMutex extends Mutex {
  override async lock(): Promise<void> {
    await super.lock();
    console.log("locked", this.name);
  }

  override unlock(): void {
    console.log("unlocks", this.name);
    super.unlock();
  }
}

export class Annotated {
  private readonly mu = new Mutex({ name: "annotated" });
  readonly rows: string[] = [];

  /** @acquires mu */
  async begin(row: string): Promise<boolean> {
    await this.mu.lock();
    if (row === "") {
      this.mu.unlock();
      return false;
    }
    this.rows.push(row);
    return true;
  }

  /** @releases mu */
  end(): void {
    this.rows.pop();
    this.mu.unlock();
  }
}

const mu = new Mutex({ name: "journal" });
const rw = new RWMutex({ name: "table" });
const rows: string[] = [];

/** The task that is started here unlocks when it is done. */
export async function handsTheLockToATask(row: string): Promise<void> {
  await mu.lock();
  if (row === "") {
    mu.unlock();
    return;
  }
  rows.push(row);
  go(async () => {
    try {
      await persist(rows);
    } finally {
      mu.unlock();
    }
  });
}

/** The caller gets the function that unlocks. */
export async function returnsTheRelease(): Promise<() => void> {
  await mu.lock();
  return () => mu.unlock();
}

export async function returnsABoundRelease(): Promise<() => void> {
  await rw.rLock();
  return rw.rUnlock.bind(rw);
}

export async function unlocksInATimer(): Promise<void> {
  await mu.lock();
  setTimeout(() => mu.unlock(), 10);
}

export async function unlocksInACallback(onClose: (listener: () => void) => void): Promise<void> {
  await rw.lock();
  onClose(() => rw.unlock());
}

/** Whoever receives the message owns the lock that came with it. */
const baton = new Channel<Mutex>(1, { name: "baton" });

export async function passesTheBaton(): Promise<void> {
  await mu.lock();
  rows.push("mine");
  await baton.send(mu);
}

export async function takesTheBaton(): Promise<void> {
  const taken = await baton.receive();
  rows.push("theirs");
  taken?.unlock();
}

/** Nobody unlocks this one: the first to come keeps the process for itself. */
const forgotten = new Mutex({ name: "forgotten" });

export async function nothingUnlocks(): Promise<void> {
  await forgotten.lock(); // want: missing-unlock
  rows.push("locked for ever");
}

/** A server's main loop holds its lock as long as it lives. */
const singleton = new Mutex({ name: "singleton" });

export async function holdsItWhileItRuns(): Promise<never> {
  await singleton.lock();
  for (;;) {
    console.log("alive");
    await sleep(1000);
  }
}

/** Others release this one, but only their own turn of it. */
const ledger = new Mutex({ name: "ledger" });

export async function appends(row: string): Promise<void> {
  await ledger.lock(); // want: missing-unlock
  rows.push(row);
}

export async function appendsAndReleases(row: string): Promise<void> {
  await ledger.lock();
  try {
    rows.push(row);
    await persist(rows);
  } finally {
    ledger.unlock();
  }
}

/** Given up in the middle and taken again: the turn is the one that `start` took. */
export class Restartable {
  private readonly mu = new Mutex({ name: "restartable" });

  async start(): Promise<void> {
    await this.mu.lock();
  }

  async restart(): Promise<void> {
    this.mu.unlock();
    await sleep(1);
    await this.mu.lock();
  }
}

function giveBack(lock: Locker): void {
  lock.unlock();
}

/** The release is in a function that is given the lock. */
export class Passes {
  private readonly mu = new Mutex({ name: "passes" });

  async enter(): Promise<void> {
    await this.mu.lock();
  }

  leave(): void {
    giveBack(this.mu);
  }
}

/** The methods of a closure are no callbacks of each other. */
export function createSection() {
  const own = new Mutex({ name: "own" });
  return {
    async enter(): Promise<void> {
      await own.lock();
    },
    async visit(): Promise<void> {
      await own.lock();
      rows.push("visited");
      own.unlock();
    },
    leave(): void {
      own.unlock();
    },
  };
}

class Box<T> {
  readonly mu = new Mutex({ name: "box" });
  constructor(readonly value: T) {}
}

const box = new Box("a");

/** A member of a generic class is one lock, whatever the class is filled with. */
export async function takesTheBox(): Promise<string> {
  await box.mu.lock();
  return box.value;
}

export function givesTheBox<T>(any: Box<T>): void {
  any.mu.unlock();
}

/** Go's way to say that it went well: no error, and the lock is the caller's. */
export class Client {
  private readonly mu = new Mutex({ name: "client" });
  private closed = false;

  async acquire(): Promise<Error | undefined> {
    await this.mu.lock();
    if (this.closed) {
      this.mu.unlock();
      return new Error("closed");
    }
    return undefined;
  }

  async rows(): Promise<string[] | undefined> {
    await this.mu.lock();
    if (this.closed) {
      this.mu.unlock();
      return undefined;
    }
    return rows;
  }

  async forgets(full: boolean): Promise<Error | undefined> {
    await this.mu.lock(); // want: missing-unlock
    if (full) return new Error("full");
    if (this.closed) {
      this.mu.unlock();
      return new Error("closed");
    }
    this.mu.unlock();
    return undefined;
  }

  release(): void {
    this.mu.unlock();
  }
}
