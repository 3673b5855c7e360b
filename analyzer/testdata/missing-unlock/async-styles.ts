// Generators, promise chains, stored promises, callbacks and other ways to write it.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function fetchPage(n: number): Promise<string[]>;

const mu = new Mutex({ name: "pages" });
const rw = new RWMutex({ name: "views" });
const pages: string[][] = [];

export async function* generatorWithFinally(): AsyncGenerator<string> {
  await mu.lock();
  try {
    for (const page of pages) yield* page;
  } finally {
    mu.unlock();
  }
}

export async function* generatorLocksEachTurn(): AsyncGenerator<string[]> {
  for (let n = 0; ; n++) {
    await mu.lock();
    const page = pages[n];
    mu.unlock();
    if (!page) return;
    yield page;
  }
}

export async function* generatorForgets(): AsyncGenerator<string[]> {
  for (let n = 0; ; n++) {
    await mu.lock(); // want: missing-unlock
    const page = pages[n];
    if (!page) return;
    mu.unlock();
    yield page;
  }
}

export function chain(n: number): Promise<void> {
  return mu
    .lock()
    .then(() => fetchPage(n))
    .then((page) => {
      pages.push(page);
    })
    .finally(() => mu.unlock());
}

export function chainInside(n: number): Promise<number> {
  return mu.lock().then(async () => {
    try {
      return pages.push(await fetchPage(n));
    } finally {
      mu.unlock();
    }
  });
}

export async function storedAndAwaitedLater(page: string[]): Promise<void> {
  const turn = mu.lock();
  console.log("waiting for the turn");
  await turn;
  pages.push(page);
  mu.unlock();
}

export async function bothAtOnce(page: string[]): Promise<void> {
  await Promise.all([mu.lock(), rw.lock()]);
  pages.push(page);
  rw.unlock();
  mu.unlock();
}

export const arrow = async (page: string[]): Promise<void> => {
  await mu.lock();
  pages.push(page);
  mu.unlock();
};

export const arrowForgets = async (page: string[]): Promise<boolean> => {
  await mu.lock(); // want: missing-unlock
  if (page.length === 0) return false;
  pages.push(page);
  mu.unlock();
  return true;
};

export const methods = {
  async add(page: string[]): Promise<void> {
    await mu.lock();
    pages.push(page);
    mu.unlock();
  },
  async drop(n: number): Promise<void> {
    await mu.lock(); // want: missing-unlock
    if (n >= pages.length) return;
    pages.splice(n, 1);
    mu.unlock();
  },
};

export async function nestedFunctionForgets(): Promise<() => Promise<number>> {
  async function count(): Promise<number> {
    await rw.rLock(); // want: missing-unlock
    if (pages.length === 0) return 0;
    rw.rUnlock();
    return pages.length;
  }
  return count;
}

export async function immediatelyInvoked(page: string[]): Promise<void> {
  await (async () => {
    await mu.lock();
    pages.push(page);
    mu.unlock();
  })();
}

// The lock is given up by the function that runs at once, in the middle of the one that took it.
export async function unlocksInsideACallbackThatRunsAtOnce(): Promise<void> {
  await mu.lock();
  pages.push([]);
  [mu].forEach((each) => each.unlock());
}

// What a compiler or an old code base leaves behind: no arrow functions, no classes.
export function Pages(this: { mu: Mutex; list: string[] }) {
  this.mu = new Mutex();
  this.list = [];
}
Pages.prototype.add = async function (this: { mu: Mutex; list: string[] }, page: string) {
  var self = this;
  await self.mu.lock();
  self.list.push(page);
  self.mu.unlock();
};

await mu.lock();
pages.push(["at module level"]);
mu.unlock();
