// Adds inside a task that are right: for somebody else, who is counted while the adding task still is.
import { go, sleep, WaitGroup } from "@lockscope/sync";

declare function fetchPage(url: string): Promise<string[]>;
declare function fill(url: string): Promise<void>;

export async function beforeTheTask(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}

export async function allAtOnce(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(urls.length);
  for (const url of urls) {
    go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}

export async function counted(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) wg.go(() => fill(url));
  await wg.wait();
}

/** Adds for its children before it is done itself: the count never falls to zero in between. */
export class Crawler {
  readonly #wg = new WaitGroup({ name: "crawler" });
  readonly #seen = new Set<string>();

  #start(url: string): void {
    if (this.#seen.has(url)) return;
    this.#seen.add(url);
    this.#wg.add(1);
    go(async () => {
      try {
        for (const link of await fetchPage(url)) this.#start(link);
      } finally {
        this.#wg.done();
      }
    });
  }

  async crawl(url: string): Promise<void> {
    this.#start(url);
    await this.#wg.wait();
  }
}

export async function recursiveInOneFunction(root: string): Promise<void> {
  const wg = new WaitGroup();
  const visit = async (url: string): Promise<void> => {
    try {
      for (const link of await fetchPage(url)) {
        wg.add(1);
        go(() => visit(link));
      }
    } finally {
      wg.done();
    }
  };
  wg.add(1);
  go(() => visit(root));
  await wg.wait();
}

export async function childrenOfACountedTask(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.go(async () => {
    for (const url of urls) {
      wg.add(1);
      go(async () => {
        try {
          await fill(url);
        } finally {
          wg.done();
        }
      });
    }
  });
  await wg.wait();
}

/** The task waits for its own helpers with a group of its own. */
export async function groupInsideTheTask(urls: readonly string[]): Promise<void> {
  const outer = new WaitGroup();
  outer.add(1);
  go(async () => {
    const inner = new WaitGroup();
    for (const url of urls) {
      inner.add(1);
      go(async () => {
        try {
          await fill(url);
        } finally {
          inner.done();
        }
      });
    }
    await inner.wait();
    outer.done();
  });
  await outer.wait();
}

/** Two groups: the task counts a step of another piece of work, not itself. */
export async function anotherGroup(started: WaitGroup, url: string): Promise<void> {
  const finished = new WaitGroup();
  finished.add(1);
  go(async () => {
    started.done();
    await sleep(1);
    await fill(url).catch(console.error);
    finished.done();
  });
  await finished.wait();
}

async function addsOutsideATask(wg: WaitGroup, url: string): Promise<void> {
  wg.add(1);
  try {
    await fill(url);
  } finally {
    wg.done();
  }
}

export async function calledDirectly(url: string): Promise<void> {
  const wg = new WaitGroup();
  await addsOutsideATask(wg, url);
  await wg.wait();
}

/** An async function that is called runs up to its first await at once: it is counted by then. */
export async function countedAtOnce(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  urls.forEach(async (url) => {
    wg.add(1);
    await fill(url).finally(() => wg.done());
  });
  for (const url of urls) {
    (async () => {
      wg.add(1);
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    })().catch(console.error);
  }
  await wg.wait();
}
