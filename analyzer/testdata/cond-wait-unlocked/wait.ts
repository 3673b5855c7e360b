// wait() gives up the lock of its condition: it has to be held.
import { Cond, go, Mutex, RWMutex } from "@lockscope/sync";

export class Gate {
  readonly #mu = new Mutex({ name: "gate" });
  readonly #other = new Mutex({ name: "other" });
  readonly #opened = new Cond(this.#mu);
  #open = false;

  async passUnlocked(): Promise<void> {
    while (!this.#open) await this.#opened.wait(); // want: cond-wait-unlocked
  }

  async passAfterUnlock(): Promise<void> {
    await this.#mu.lock();
    const open = this.#open;
    this.#mu.unlock();
    while (!open) await this.#opened.wait(); // want: cond-wait-unlocked
  }

  async passUnderAnother(): Promise<void> {
    await this.#other.lock();
    try {
      while (!this.#open) await this.#opened.wait(); // want: cond-wait-unlocked
    } finally {
      this.#other.unlock();
    }
  }

  async passOnOnePath(quick: boolean): Promise<void> {
    if (!quick) await this.#mu.lock();
    while (!this.#open) await this.#opened.wait(); // want: cond-wait-unlocked
    if (!quick) this.#mu.unlock();
  }

  startsAWaiter(): void {
    go(async () => {
      while (!this.#open) await this.#opened.wait(); // want: cond-wait-unlocked
      console.log("open");
    });
  }

  async #untilOpenUnlocked(): Promise<void> {
    while (!this.#open) await this.#opened.wait(); // want: cond-wait-unlocked
  }

  async callsTheHelper(): Promise<void> {
    await this.#untilOpenUnlocked();
  }

  // Right.

  async pass(): Promise<void> {
    await this.#mu.lock();
    try {
      while (!this.#open) await this.#opened.wait();
    } finally {
      this.#mu.unlock();
    }
  }

  async passByGuard(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (!this.#open) await this.#opened.wait();
  }

  async passInASection(): Promise<void> {
    await this.#mu.withLock(async () => {
      while (!this.#open) await this.#opened.wait();
    });
  }

  async #untilOpen(): Promise<void> {
    while (!this.#open) await this.#opened.wait();
  }

  async throughAHelper(): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#untilOpen();
    } finally {
      this.#mu.unlock();
    }
  }

  /** @requires #mu */
  async passLocked(): Promise<void> {
    while (!this.#open) await this.#opened.wait();
  }

  async #locked(work: () => Promise<void>): Promise<void> {
    await this.#mu.lock();
    try {
      await work();
    } finally {
      this.#mu.unlock();
    }
  }

  async throughACallback(): Promise<void> {
    await this.#locked(async () => {
      while (!this.#open) await this.#opened.wait();
    });
  }

  async open(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#open = true;
    });
    this.#opened.broadcast();
  }
}

/** The lock under the name that the condition has for it. */
export class ByTheConditionsOwnName {
  readonly cond = new Cond(new Mutex());
  ready = false;

  async wait(): Promise<void> {
    await this.cond.l.lock();
    try {
      while (!this.ready) await this.cond.wait();
    } finally {
      this.cond.l.unlock();
    }
  }

  async waitUnlocked(): Promise<void> {
    while (!this.ready) await this.cond.wait(); // want: cond-wait-unlocked
  }

  set(): void {
    this.ready = true;
    this.cond.broadcast();
  }
}

export class MadeInTheConstructor {
  readonly #mu: Mutex;
  readonly #cond: Cond;
  #ready = false;

  constructor(mu: Mutex) {
    this.#mu = mu;
    this.#cond = new Cond(mu);
  }

  async wait(): Promise<void> {
    await this.#mu.lock();
    while (!this.#ready) await this.#cond.wait();
    this.#mu.unlock();
  }

  set(): void {
    this.#ready = true;
    this.#cond.broadcast();
  }
}

export async function locals(): Promise<void> {
  const mu = new Mutex();
  const cond = new Cond(mu);
  let ready = false;
  const waiter = go(async () => {
    await mu.lock();
    while (!ready) await cond.wait();
    mu.unlock();
  });
  const careless = go(async () => {
    while (!ready) await cond.wait(); // want: cond-wait-unlocked
  });
  await mu.lock();
  ready = true;
  cond.broadcast();
  mu.unlock();
  await waiter.join();
  await careless.join();
}

export async function readSide(rw: RWMutex, done: () => boolean): Promise<void> {
  const cond = new Cond(rw.rLocker());
  go(() => cond.broadcast());
  await rw.rLock();
  try {
    while (!done()) await cond.wait();
  } finally {
    rw.rUnlock();
  }
}
