// Made in a function, and shared by more than one call of something.
import { go, Mutex, WaitGroup } from "@lockscope/sync";
import { Semaphore } from "@lockscope/sync/group";
import { Mutex as Lease, type Session } from "@lockscope/sync/distributed";

declare function fetchPage(url: string): Promise<string>;

export async function tasksShareIt(urls: string[]): Promise<number> {
  const mu = new Mutex();
  const wg = new WaitGroup();
  let bytes = 0;
  for (const url of urls) {
    wg.go(async () => {
      const page = await fetchPage(url);
      await mu.withLock(() => {
        bytes += page.length;
      });
    });
  }
  await wg.wait();
  await mu.lock();
  try {
    return bytes;
  } finally {
    mu.unlock();
  }
}

export async function promisesShareIt(urls: string[]): Promise<string[]> {
  const limit = new Semaphore(4);
  return Promise.all(urls.map((url) => limit.withPermit(() => fetchPage(url))));
}

export async function sectionsBesideEachOther(): Promise<void> {
  const mu = new Mutex();
  await Promise.all([
    mu.withLock(async () => {
      await fetchPage("/a");
    }),
    mu.withLock(async () => {
      await fetchPage("/b");
    }),
  ]);
}

export async function releasedByTheTask(urls: string[]): Promise<void> {
  const slots = new Semaphore(2);
  for (const url of urls) {
    await slots.acquire();
    go(async () => {
      try {
        await fetchPage(url);
      } finally {
        slots.release();
      }
    });
  }
  await slots.acquire(2);
}

export function counter(): { next(): Promise<number> } {
  const mu = new Mutex();
  let value = 0;
  return {
    async next() {
      await mu.lock();
      try {
        value += 1;
        return value;
      } finally {
        mu.unlock();
      }
    },
  };
}

export async function made(): Promise<Mutex> {
  const mu = new Mutex();
  await mu.lock();
  return mu;
}

export async function passedOn(): Promise<void> {
  const mu = new Mutex();
  const done = worker(mu);
  await mu.lock();
  try {
    await fetchPage("/");
  } finally {
    mu.unlock();
  }
  await done;
}

async function worker(mu: Mutex): Promise<void> {
  await mu.lock();
  try {
    await fetchPage("/worker");
  } finally {
    mu.unlock();
  }
}

export class Registry {
  private readonly locks = new Map<string, Mutex>();

  async update(key: string): Promise<void> {
    let mu = this.locks.get(key);
    if (mu === undefined) {
      mu = new Mutex();
      this.locks.set(key, mu);
    }
    await mu.withLock(async () => {
      await fetchPage(key);
    });
  }
}

/** Named by its prefix: another process has another object and the same lock. */
export async function lease(session: Session): Promise<void> {
  const lock = new Lease(session, "/jobs/reindex");
  await lock.lock();
  try {
    await fetchPage("/reindex");
  } finally {
    await lock.unlock();
  }
}
