// A task that counts itself is counted too late: wait may have returned before the task began.
import { go, sleep, WaitGroup } from "@lockscope/sync";

declare function fetchPage(url: string): Promise<string[]>;
declare function fill(url: string): Promise<void>;

export async function inTheArrow(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    go(async () => {
      wg.add(1); // want: waitgroup-add-in-task
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}

export async function inAFunctionExpression(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    go(async function () {
      wg.add(1); // want: waitgroup-add-in-task
      await fill(url).finally(() => wg.done());
    });
  }
  await wg.wait();
}

export async function afterAnAwait(url: string): Promise<void> {
  const wg = new WaitGroup();
  go(async () => {
    await sleep(1);
    wg.add(1); // want: waitgroup-add-in-task
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
  await wg.wait();
}

async function countsItself(wg: WaitGroup, url: string): Promise<void> {
  wg.add(1); // want: waitgroup-add-in-task
  try {
    await fill(url);
  } finally {
    wg.done();
  }
}

export async function inANamedFunction(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) go(() => countsItself(wg, url));
  await wg.wait();
}

export class Crawler {
  readonly #wg = new WaitGroup({ name: "crawler" });

  async #visit(url: string): Promise<void> {
    this.#wg.add(1); // want: waitgroup-add-in-task
    try {
      for (const link of await fetchPage(url)) go(() => this.#visit(link));
    } finally {
      this.#wg.done();
    }
  }

  async crawl(url: string): Promise<void> {
    go(() => this.#visit(url));
    await this.#wg.wait();
  }
}

/** Called, not started by go: but it counts itself only behind an await. */
export async function inAnAsyncCallback(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  urls.forEach(async (url) => {
    await sleep(1);
    wg.add(1); // want: waitgroup-add-in-task
    await fill(url).finally(() => wg.done());
  });
  await wg.wait();
}
