// A permit is waited for while one of the same semaphore is held; and what is right beside it.
import { RecursiveMutex } from "@lockscope/sync";
import { Semaphore } from "@lockscope/sync/group";

declare function fetchText(url: string): Promise<string>;
declare function linksOf(text: string): string[];

const slots = new Semaphore(4, { name: "slots" });
const disk = new Semaphore(1, { name: "disk" });
const seen = new Set<string>();

export async function crawl(url: string): Promise<void> {
  if (seen.has(url)) return;
  seen.add(url);
  await slots.withPermit(async () => {
    const text = await fetchText(url);
    for (const link of linksOf(text)) await crawl(link); // want: nested-permit
  });
}

export async function twice(url: string): Promise<string> {
  await slots.acquire();
  try {
    await slots.acquire(); // want: nested-permit
    try {
      return await fetchText(url);
    } finally {
      slots.release();
    }
  } finally {
    slots.release();
  }
}

class Downloader {
  readonly #sem = new Semaphore(2);

  async #one(url: string): Promise<string> {
    await this.#sem.acquire();
    try {
      return await fetchText(url);
    } finally {
      this.#sem.release();
    }
  }

  async page(url: string): Promise<string> {
    await this.#sem.acquire();
    try {
      const text = await fetchText(url);
      return text + (await this.#one(`${url}.css`)); // want: nested-permit
    } finally {
      this.#sem.release();
    }
  }

  /** The first permit is given back before. */
  async pageThenStyle(url: string): Promise<string> {
    const text = await this.#one(url);
    return text + (await this.#one(`${url}.css`));
  }
}

export const downloader = new Downloader();

export async function save(url: string): Promise<void> {
  await disk.withPermit(async () => {
    await disk.withPermit(() => fetchText(url)); // want: nested-permit
  });
}

/** Two semaphores. */
export async function fetchAndSave(url: string): Promise<void> {
  await slots.withPermit(() => disk.withPermit(() => fetchText(url)));
}

/** Does not wait. */
export async function maybeTwo(url: string): Promise<string> {
  await slots.acquire();
  try {
    const more = slots.tryAcquire();
    try {
      return await fetchText(url);
    } finally {
      if (more) slots.release();
    }
  } finally {
    slots.release();
  }
}

/** Two at once. */
export async function wide(url: string): Promise<string> {
  await slots.acquire(2);
  try {
    return await fetchText(url);
  } finally {
    slots.release(2);
  }
}

/** Two at once, given back one by one. */
export async function wideThenNarrow(url: string): Promise<string> {
  await slots.acquire(2);
  let held = 2;
  try {
    const text = await fetchText(url);
    slots.release();
    held = 1;
    return text + (await fetchText(`${url}.css`));
  } finally {
    slots.release(held);
  }
}

/** Everybody else is kept out: one task that takes them all. */
export async function exclusive(url: string): Promise<string> {
  for (let n = 0; n < 4; n++) await slots.acquire();
  try {
    return await fetchText(url);
  } finally {
    for (let n = 0; n < 4; n++) slots.release();
  }
}

/** Who holds it may take it again. */
const tree = new RecursiveMutex({ name: "tree" });

export async function visit(url: string): Promise<void> {
  await tree.lock();
  try {
    for (const link of linksOf(url)) await visit(link);
  } finally {
    tree.unlock();
  }
}
