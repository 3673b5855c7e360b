import { Cond, go, gosched, Mutex, Once, RWMutex, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";
import { CyclicBarrier, Semaphore } from "@lockscope/sync/group";

let meals = 0;

async function dine(left: Mutex, right: Mutex): Promise<void> {
  await left.lock();
  await gosched();
  await right.lock(); // want: deadlock
  meals++;
  right.unlock();
  left.unlock();
}

export async function philosophers(): Promise<void> {
  const forks = [new Mutex(), new Mutex(), new Mutex()];
  const guests = forks.map((left, index) => go(() => dine(left, forks[(index + 1) % 3]!)));
  for (const guest of guests) await guest.join();
}

async function dineInOrder(forks: readonly Mutex[], one: number, other: number): Promise<void> {
  await forks[Math.min(one, other)]?.lock();
  await gosched();
  await forks[Math.max(one, other)]?.lock();
  forks[Math.max(one, other)]?.unlock();
  forks[Math.min(one, other)]?.unlock();
}

export async function philosophersInOrder(): Promise<void> {
  const forks = [new Mutex(), new Mutex(), new Mutex()];
  const guests = [0, 1, 2].map((seat) => go(() => dineInOrder(forks, seat, (seat + 1) % 3)));
  for (const guest of guests) await guest.join();
}

/** Signalled before it waits, and nobody signals again. */
export async function signalBeforeWait(): Promise<void> {
  const mu = new Mutex();
  const cond = new Cond(mu);
  const waiter = go(async () => {
    await mu.lock();
    await cond.wait(); // want: cond-wait-no-loop
    mu.unlock();
  });
  cond.signal();
  await waiter.join();
}

export async function lostWakeUp(): Promise<void> {
  const mu = new Mutex();
  const cond = new Cond(mu);
  let ready = false;
  const waiter = go(async () => {
    await mu.lock();
    try {
      while (!ready) {
        mu.unlock();
        await gosched();
        await mu.lock();
        if (!ready) await cond.wait();
      }
    } finally {
      mu.unlock();
    }
  });
  await mu.lock();
  ready = true;
  cond.broadcast();
  mu.unlock();
  await waiter.join();
}

export async function wakenUp(): Promise<void> {
  const mu = new Mutex();
  const cond = new Cond(mu);
  let ready = false;
  const waiters = [0, 1].map(() =>
    go(async () => {
      await mu.lock();
      try {
        while (!ready) await cond.wait();
      } finally {
        mu.unlock();
      }
    }),
  );
  await mu.lock();
  ready = true;
  cond.broadcast();
  mu.unlock();
  for (const waiter of waiters) await waiter.join();
}

/** Two wait, one is woken. */
export async function oneSignalForTwo(): Promise<void> {
  const mu = new Mutex();
  const cond = new Cond(mu);
  let ready = false;
  const waiters = [0, 1].map(() =>
    go(async () => {
      await mu.lock();
      try {
        while (!ready) await cond.wait(); // want: deadlock
      } finally {
        mu.unlock();
      }
    }),
  );
  await gosched();
  await mu.lock();
  ready = true;
  cond.signal();
  mu.unlock();
  for (const waiter of waiters) await waiter.join();
}

export async function onceEachWaitsForTheOther(): Promise<void> {
  const first = new Once();
  const second = new Once();
  const a = go(() => first.do(() => second.do(() => undefined))); // want: deadlock
  const b = go(() => second.do(() => first.do(() => undefined)));
  await a.join();
  await b.join();
}

export async function onceInsideAnother(): Promise<void> {
  const first = new Once();
  const second = new Once();
  const a = go(() => first.do(() => second.do(() => undefined)));
  const b = go(() => first.do(() => second.do(() => undefined)));
  await a.join();
  await b.join();
}

export async function readersAndAWriter(): Promise<void> {
  const rw = new RWMutex();
  const tasks = [
    go(() => rw.withRLock(() => gosched())),
    go(() => rw.withLock(() => gosched())),
    go(() => rw.withRLock(() => gosched())),
  ];
  for (const task of tasks) await task.join();
}

export async function handOver(): Promise<void> {
  const turn = new Mutex();
  await turn.lock();
  const other = go(async () => {
    await gosched();
    turn.unlock();
  });
  await turn.lock();
  meals++;
  turn.unlock();
  await other.join();
}

export async function permitsAndPermits(): Promise<void> {
  const small = new Semaphore(1);
  const large = new Semaphore(1);
  const a = go(async () => {
    await small.acquire();
    await large.acquire(); // want: lock-order
    large.release();
    small.release();
  });
  const b = go(async () => {
    await large.acquire();
    await small.acquire(); // want: lock-order
    small.release();
    large.release();
  });
  await a.join();
  await b.join();
}

export async function enoughPermits(): Promise<void> {
  const permits = new Semaphore(2);
  const tasks = [0, 1, 2].map(() =>
    go(async () => {
      await permits.acquire();
      await gosched();
      permits.release();
    }),
  );
  for (const task of tasks) await task.join();
}

export async function oneTooFew(): Promise<void> {
  const barrier = new CyclicBarrier(3);
  const tasks = [0, 1].map(() =>
    go(async () => {
      await barrier.wait(); // want: deadlock
    }),
  );
  for (const task of tasks) await task.join();
}

export async function allArrive(): Promise<void> {
  const barrier = new CyclicBarrier(3);
  const tasks = [0, 1, 2].map(() =>
    go(async () => {
      await barrier.wait();
      await barrier.wait();
    }),
  );
  for (const task of tasks) await task.join();
}

class Ledger {
  readonly #mu = new Mutex();
  readonly #done = new Channel<void>();
  readonly #wg = new WaitGroup();
  entries = 0;

  async write(): Promise<void> {
    await this.#mu.withLock(async () => {
      await gosched();
      this.entries++;
    });
  }

  start(): void {
    this.#wg.go(async () => {
      await this.write();
      this.#done.close();
    });
  }

  async stop(): Promise<void> {
    await this.#done.receive();
    await this.#wg.wait();
  }
}

export async function aClassAtWork(): Promise<void> {
  const ledger = new Ledger();
  ledger.start();
  await ledger.write();
  await ledger.stop();
}

/** Each instance has a lock of its own. */
class Account {
  readonly mu = new Mutex();
  balance = 0;
  constructor(readonly id: number) {}
}

async function transfer(from: Account, to: Account): Promise<void> {
  const [first, second] = from.id < to.id ? [from, to] : [to, from];
  await first.mu.withLock(() =>
    second.mu.withLock(async () => {
      await gosched();
      from.balance--;
      to.balance++;
    }),
  );
}

export async function inOneOrder(): Promise<void> {
  const [a, b] = [new Account(1), new Account(2)];
  const tasks = [go(() => transfer(a, b)), go(() => transfer(b, a))];
  for (const task of tasks) await task.join();
}
