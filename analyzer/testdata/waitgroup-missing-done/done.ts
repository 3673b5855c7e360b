// Every add has its done, on every path of the task that it counts.
import { defer, go, sleep, WaitGroup } from "@lockscope/sync";

declare function fill(url: string): Promise<void>;
declare function hand(wg: WaitGroup): void;

export async function earlyReturn(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1); // want: waitgroup-missing-done
    go(async () => {
      if (url === "") return;
      await fill(url).catch(console.error);
      wg.done();
    });
  }
  await wg.wait();
}

export async function swallowed(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(urls.length); // want: waitgroup-missing-done
  for (const url of urls) {
    go(async () => {
      try {
        await fill(url);
        wg.done();
      } catch (error) {
        console.error(error);
      }
    });
  }
  await wg.wait();
}

export async function thrown(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1); // want: waitgroup-missing-done
  const task = go(async () => {
    if (url === "") throw new Error("no url");
    await fill(url).catch(console.error);
    wg.done();
  });
  await wg.wait();
  await task.join();
}

export async function oneOfTwo(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(2); // want: waitgroup-missing-done
  go(async () => {
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
  go(() => fill("other"));
  await wg.wait();
}

export async function oneForAll(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const _ of urls) wg.add(1); // want: waitgroup-missing-done
  go(async () => {
    for (const url of urls) await fill(url).catch(console.error);
    wg.done();
  });
  await wg.wait();
}

/** Waits for all of them when the first is started. */
export async function waitsInTheLoop(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(urls.length); // want: waitgroup-missing-done
  for (const url of urls) {
    go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    });
    await wg.wait();
  }
}

export class Stopper {
  readonly #drain = new WaitGroup({ name: "drain" });
  readonly #workers = new WaitGroup({ name: "workers" });

  startTask(): void {
    this.#drain.add(1); // want: waitgroup-missing-done
  }

  runWorker(work: () => Promise<void>): void {
    this.#workers.add(1);
    go(async () => {
      try {
        await work();
      } finally {
        this.#workers.done();
      }
    });
  }

  runOnce(ready: boolean): void {
    this.#workers.add(1); // want: waitgroup-missing-done
    go(() => this.#once(ready));
  }

  async #once(ready: boolean): Promise<void> {
    if (!ready) return;
    await sleep(1);
    this.#workers.done();
  }

  async stop(): Promise<void> {
    await this.#drain.wait();
    await this.#workers.wait();
  }
}

async function work(wg: WaitGroup, url: string): Promise<void> {
  switch (url) {
    case "a":
      await fill(url).catch(console.error);
      break;
    case "b":
      return;
    default:
      console.log(url);
  }
  wg.done();
}

export async function inAHelper(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1); // want: waitgroup-missing-done
    go(() => work(wg, url));
  }
  await wg.wait();
}

export async function notATaskByName(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1); // want: waitgroup-missing-done
    void work(wg, url);
  }
  await wg.wait();
}

// Right.

export async function inFinally(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      try {
        if (url === "") return;
        await fill(url);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}

export async function deferred(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      using _ = defer(() => wg.done());
      if (url === "") return;
      await fill(url);
    });
  }
  await wg.wait();
}

/** What throws there and nobody catches ends the process: nobody waits any more. */
export async function straight(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  go(async () => {
    await fill(url);
    wg.done();
  });
  await wg.wait();
}

export async function onEveryBranch(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(urls.length);
  for (const url of urls) {
    go(async () => {
      if (url === "") {
        wg.done();
        return;
      }
      try {
        await fill(url);
        wg.done();
      } catch {
        wg.done();
      }
    });
  }
  await wg.wait();
}

export async function settled(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    fill(url).finally(() => wg.done());
  }
  await wg.wait();
}

export async function throughAHelper(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(() => counted(wg, () => fill(url)));
  }
  await wg.wait();
}

async function counted(wg: WaitGroup, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    wg.done();
  }
}

export async function byCallback(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  setTimeout(() => wg.done(), 10);
  wg.add(1);
  go(() => withCallback(url, () => wg.done()));
  await wg.wait();
}

async function withCallback(url: string, done: () => void): Promise<void> {
  await fill(url);
  done();
}

export async function handedOn(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(2);
  hand(wg);
  go(async () => {
    await fill(url);
    wg.done();
  });
  await wg.wait();
}

export async function workers(urls: string[]): Promise<void> {
  const wg = new WaitGroup();
  const size = 4;
  wg.add(size);
  for (let n = 0; n < size; n++) {
    go(async () => {
      for (let url = urls.pop(); url !== undefined; url = urls.pop()) await fill(url);
      wg.done();
    });
  }
  await wg.wait();
}

export async function byName(): Promise<void> {
  const wg = new WaitGroup();
  const worker = async () => {
    await sleep(1);
    wg.done();
  };
  wg.add(2);
  go(worker);
  go(worker);
  await wg.wait();
}

export async function sometimes(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    if (url === "") continue;
    wg.add(1);
    go(async () => {
      await fill(url);
      wg.done();
    });
  }
  await wg.wait();
}

export async function handedToTheNext(urls: string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  const next = async (): Promise<void> => {
    const url = urls.pop();
    if (url === undefined) {
      wg.done();
      return;
    }
    await fill(url);
    go(next);
  };
  go(next);
  await wg.wait();
}

/** Counted once for all; the last one is done for all. */
export async function lastOneCounts(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  let left = urls.length;
  for (const url of urls) {
    go(async () => {
      await fill(url).catch(console.error);
      left -= 1;
      if (left === 0) wg.done();
    });
  }
  await wg.wait();
}

export async function eachAfterTheOther(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      await fill(url);
      wg.done();
    });
    await wg.wait();
  }
}

export class Pool {
  readonly #tasks = new WaitGroup();

  begin(): void {
    this.#tasks.add(1);
  }

  end(): void {
    this.#tasks.done();
  }

  async drain(): Promise<void> {
    await this.#tasks.wait();
  }
}

export class CountsDown {
  readonly #tasks = new WaitGroup();

  begin(count: number): void {
    this.#tasks.add(count);
  }

  end(): void {
    this.#tasks.add(-1);
  }

  async drain(): Promise<void> {
    await this.#tasks.wait();
  }
}

export const gate = new WaitGroup();
gate.add(1);
export const pass = () => gate.wait();
