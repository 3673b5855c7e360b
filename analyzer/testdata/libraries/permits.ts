// Permits within permits, turns of others, and work that outlives its section, in the words of the libraries.
import AsyncLock from "async-lock";
import { Mutex, Semaphore } from "async-mutex";
import { Sema } from "async-sema";
import pLimit from "p-limit";

declare function load(id: string): Promise<string>;
declare function save(text: string): Promise<void>;

const mutex = new Mutex();
const semaphore = new Semaphore(2);
const sema = new Sema(3);
const limit = pLimit(2);
const locks = new AsyncLock();

export async function twoSections(): Promise<void> {
  await semaphore.runExclusive(async () => {
    await semaphore.runExclusive(() => save("")); // want: nested-permit
  });
}

export async function twoTuples(): Promise<void> {
  const [, release] = await semaphore.acquire();
  try {
    const [, again] = await semaphore.acquire(); // want: nested-permit
    again();
  } finally {
    release();
  }
}

export async function throughACall(): Promise<void> {
  await sema.acquire();
  try {
    await inTurn(); // want: nested-permit
  } finally {
    sema.release();
  }
}

async function inTurn(): Promise<void> {
  await sema.acquire();
  try {
    await save("");
  } finally {
    sema.release();
  }
}

export function limiterInItself(id: string): void {
  void limit(async () => {
    await limit(() => load(id)); // want: nested-permit
  });
}

export class Crawler {
  private readonly limit = pLimit(5);

  async crawl(url: string): Promise<void> {
    await this.limit(async () => {
      const links = (await load(url)).split("\n");
      await Promise.all(links.map((link) => this.crawl(link))); // want: nested-permit
    });
  }

  /** The permit is given back before the next ones are asked for. */
  async crawlInTurns(url: string): Promise<void> {
    const links = await this.limit(async () => (await load(url)).split("\n"));
    await Promise.all(links.map((link) => this.crawlInTurns(link)));
  }

  async crawlBeside(url: string): Promise<void> {
    await this.limit(async () => {
      void this.crawlInTurns(url);
    });
  }
}

export function whoeversTurnItIs(): void {
  if (mutex.isLocked()) mutex.release(); // want: foreign-release
}

export class Session {
  private readonly mutex = new Mutex();

  async open(): Promise<void> {
    await this.mutex.acquire();
    await save("");
  }

  close(): void {
    this.mutex.release();
  }
}

export async function returnsThePromise(id: string): Promise<string> {
  const release = await mutex.acquire();
  try {
    return load(id); // want: escaping-section
  } finally {
    release();
  }
}

/** The section is as long as the promise. */
export async function returnsItToTheSection(id: string): Promise<string> {
  return mutex.runExclusive(() => load(id));
}

export async function insideAKey(id: string): Promise<string> {
  return locks.acquire(id, () => load(id));
}
