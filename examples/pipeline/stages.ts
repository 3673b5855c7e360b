import { Mutex, sleep } from "@lockscope/sync";
import type { Channel } from "@lockscope/sync/channel";
import type { Cache } from "./cache.js";

export interface Request {
  readonly page: string;
  readonly from: string;
}

export interface Answer {
  readonly page: string;
  readonly words: number;
  readonly worker: string;
}

/** The library has one copier: only one worker at a time may read a page that is not in the cache. */
const copier = new Mutex({ name: "copier" });

/** Asks for pages, some of them again and again, at a reader's pace. */
export async function produce(name: string, requests: Channel<Request>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await sleep(5 + ((i * 7) % 11));
    await requests.send({ page: `page ${(i * 5) % 23}`, from: name });
  }
}

/** Answers requests from the cache, or reads the page and puts it there. Ends when `requests` is closed. */
export async function work(
  name: string,
  requests: Channel<Request>,
  answers: Channel<Answer>,
  cache: Cache,
): Promise<void> {
  for await (const { page } of requests) {
    const cached = await cache.get(page);
    await cache.count(cached !== undefined);
    const words = cached ?? (await read(page));
    if (cached === undefined) await cache.put(page, words);
    await answers.send({ page, words, worker: name });
  }
}

async function read(page: string): Promise<number> {
  return copier.withLock(async () => {
    await sleep(12);
    return page.length * 111;
  });
}
