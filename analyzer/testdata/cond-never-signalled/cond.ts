// Who waits has to be woken by somebody.
import { Cond, go, Mutex } from "@lockscope/sync";

declare function hand(cond: Cond): void;

export class Plugin {
  readonly #mu = new Mutex();
  readonly #activated = new Cond(this.#mu);
  #active = false;

  async ready(): Promise<void> {
    await this.#mu.withLock(async () => {
      while (!this.#active) await this.#activated.wait(); // want: cond-never-signalled
    });
  }

  async activate(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#active = true;
    });
  }
}

export async function localCond(): Promise<void> {
  const mu = new Mutex();
  const cond = new Cond(mu);
  let ready = false;
  const waiter = go(async () => {
    await mu.lock();
    while (!ready) await cond.wait(); // want: cond-never-signalled
    mu.unlock();
  });
  ready = true;
  await waiter.join();
}

async function until(cond: Cond, ready: () => boolean): Promise<void> {
  await cond.l.lock();
  try {
    while (!ready()) await cond.wait(); // want: cond-never-signalled
  } finally {
    cond.l.unlock();
  }
}

export async function throughAParameter(ready: () => boolean): Promise<void> {
  const cond = new Cond(new Mutex());
  await until(cond, ready);
}

// Right.

export class Signalled {
  readonly #mu = new Mutex();
  readonly #changed = new Cond(this.#mu);
  #value = 0;

  async atLeast(value: number): Promise<void> {
    using _ = await this.#mu.acquire();
    while (this.#value < value) await this.#changed.wait();
  }

  async add(): Promise<void> {
    await this.#mu.lock();
    try {
      this.#value += 1;
      this.#changed.broadcast();
    } finally {
      this.#mu.unlock();
    }
  }
}

export class SignalledByAnother {
  readonly #mu = new Mutex();
  readonly #changed = new Cond(this.#mu);
  #value = 0;

  async positive(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (this.#value <= 0) await this.#changed.wait();
  }

  async add(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#value += 1;
    });
    wake(this.#changed);
  }
}

function wake(cond: Cond): void {
  cond.signal();
}

export class GivenAway {
  readonly #mu = new Mutex();
  readonly #changed = new Cond(this.#mu);
  value = 0;

  async positive(): Promise<void> {
    using _ = await this.#mu.acquire();
    while (this.value <= 0) await this.#changed.wait();
  }

  start(): void {
    hand(this.#changed);
  }
}

/** Anybody who imports the class can signal it. */
export class Public {
  readonly mu = new Mutex();
  readonly changed = new Cond(this.mu);
  value = 0;

  async positive(): Promise<void> {
    using _ = await this.mu.acquire();
    while (this.value <= 0) await this.changed.wait();
  }
}

export async function waitsFor(cond: Cond, ready: () => boolean): Promise<void> {
  await cond.l.lock();
  try {
    while (!ready()) await cond.wait();
  } finally {
    cond.l.unlock();
  }
}

export async function asAValue(ready: () => boolean): Promise<void> {
  const cond = new Cond(new Mutex());
  setTimeout(cond.broadcast.bind(cond), 10);
  await cond.l.lock();
  try {
    while (!ready()) await cond.wait();
  } finally {
    cond.l.unlock();
  }
}

export async function inACallback(ready: () => boolean): Promise<void> {
  const cond = new Cond(new Mutex());
  setTimeout(() => cond.signal(), 10);
  await cond.l.lock();
  try {
    while (!ready()) await cond.wait();
  } finally {
    cond.l.unlock();
  }
}
