// A group is used again when all who waited for the last round have returned.
import { go, sleep, WaitGroup } from "@lockscope/sync";

declare function fill(url: string): Promise<void>;

function start(wg: WaitGroup, url: string): void {
  go(async () => {
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
}

export async function anotherWaiter(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  start(wg, url);
  const reporter = go(async () => {
    await wg.wait();
    console.log("first round");
  });
  await wg.wait();
  wg.add(1); // want: waitgroup-reuse
  start(wg, url);
  await wg.wait();
  await reporter.join();
}

export async function byGo(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.go(() => fill(url));
  const reporter = go(() => wg.wait());
  await wg.wait();
  wg.go(() => fill(url)); // want: waitgroup-reuse
  await wg.wait();
  await reporter.join();
}

export async function inALoop(batches: readonly string[][]): Promise<void> {
  const wg = new WaitGroup();
  for (const [url = ""] of batches) {
    wg.add(1); // want: waitgroup-reuse
    start(wg, url);
    go(async () => {
      await wg.wait();
      console.log("a batch");
    });
    await wg.wait();
  }
}

export class Cycle {
  readonly #wg = new WaitGroup();

  async run(url: string): Promise<void> {
    this.#wg.add(1);
    start(this.#wg, url);
    go(() => this.#report());
    go(async () => {
      await this.#wg.wait();
      this.#wg.add(1); // want: waitgroup-reuse
      start(this.#wg, url);
    });
  }

  async #report(): Promise<void> {
    await this.#wg.wait();
    console.log("a cycle");
  }
}

// Right.

export async function oneWaiter(batches: readonly string[][]): Promise<void> {
  const wg = new WaitGroup();
  for (const [url = ""] of batches) {
    wg.add(1);
    start(wg, url);
    await wg.wait();
  }
}

export async function joined(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  start(wg, url);
  const reporter = go(() => wg.wait());
  await wg.wait();
  await reporter.join();
  wg.add(1);
  start(wg, url);
  await wg.wait();
}

export async function muchLater(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  start(wg, url);
  go(() => wg.wait());
  await wg.wait();
  await sleep(100);
  wg.add(1);
  start(wg, url);
  await wg.wait();
}

export async function twoGroups(url: string): Promise<void> {
  const one = new WaitGroup();
  const other = new WaitGroup();
  one.add(1);
  start(one, url);
  go(() => one.wait());
  await one.wait();
  other.add(1);
  start(other, url);
  await other.wait();
}

export async function addedBeforeTheWait(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  go(() => wg.wait());
  wg.add(1);
  start(wg, url);
  start(wg, url);
  await wg.wait();
}
