// A done for every add, and not one more.
import { go, sleep, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

declare function fill(url: string): Promise<void>;

export async function twiceAfterAnError(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      try {
        await fill(url);
      } catch (error) {
        console.error(error);
        wg.done();
      } finally {
        wg.done(); // want: waitgroup-negative
      }
    });
  }
  await wg.wait();
}

export async function twiceOnABranch(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      if (url === "") wg.done();
      await fill(url);
      wg.done(); // want: waitgroup-negative
    });
  }
  await wg.wait();
}

export function inOneFunction(): void {
  const wg = new WaitGroup();
  wg.add(1);
  wg.done();
  wg.done(); // want: waitgroup-negative
}

export function neverAdded(): void {
  const wg = new WaitGroup();
  wg.done(); // want: waitgroup-negative
}

export function lessThanNothing(): void {
  const wg = new WaitGroup();
  wg.add(2);
  wg.add(-3); // want: waitgroup-negative
}

export async function oneForAll(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  for (const url of urls) {
    go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done(); // want: waitgroup-negative
      }
    });
  }
  await wg.wait();
}

export async function threeOfTwo(): Promise<void> {
  const wg = new WaitGroup();
  wg.add(2);
  for (let n = 0; n < 3; n++) {
    go(async () => {
      await sleep(n);
      wg.done(); // want: waitgroup-negative
    });
  }
  await wg.wait();
}

/** wg.go counts by itself. */
export async function countedByTheGroup(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done(); // want: waitgroup-negative
      }
    });
  }
  await wg.wait();
}

class Source {
  readonly #events = new Channel<string>(4);

  async add(name: string): Promise<void> {
    await this.#events.send(name);
  }

  async run(onAdd: (name: string) => void): Promise<void> {
    for await (const name of this.#events) onAdd(name);
  }

  stop(): void {
    this.#events.close();
  }
}

export async function countedAfterTheEvent(source: Source, names: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  go(() => source.run(() => wg.done())); // want: waitgroup-negative
  for (const name of names) {
    await source.add(name);
    wg.add(1);
  }
  await wg.wait();
}

export async function countedWhenTheTaskMayBeOver(): Promise<void> {
  const wg = new WaitGroup();
  go(async () => {
    await sleep(1);
    wg.done(); // want: waitgroup-negative
  });
  await sleep(5);
  wg.add(1);
  await wg.wait();
}

// Right.

export async function countedBeforeTheEvent(source: Source, names: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  go(() => source.run(() => wg.done()));
  await sleep(1);
  for (const name of names) {
    wg.add(1);
    await source.add(name);
  }
  await wg.wait();
}

/** The task begins only when this one waits: by then it is counted. */
export async function countedInTheSameStretch(): Promise<void> {
  const wg = new WaitGroup();
  go(async () => {
    await sleep(1);
    wg.done();
  });
  wg.add(1);
  await wg.wait();
}

export async function once(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      try {
        await fill(url);
      } catch (error) {
        console.error(error);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}

export async function twoSteps(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(2);
    go(async () => {
      await fill(url).catch(console.error);
      wg.done();
      await fill(url).catch(console.error);
      wg.done();
    });
  }
  await wg.wait();
}

export async function oneOrTheOther(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  go(async () => {
    const found = url !== "";
    if (found) wg.done();
    await fill(url).catch(console.error);
    if (!found) wg.done();
  });
  await wg.wait();
}

export function addedInALoop(urls: readonly string[]): void {
  const wg = new WaitGroup();
  for (const _ of urls) wg.add(1);
  for (const _ of urls) wg.done();
}

export function someAdded(urls: readonly string[], extra: boolean): void {
  const wg = new WaitGroup();
  if (extra) wg.add(1);
  urls.forEach(() => wg.add(1));
  if (extra) wg.done();
  urls.forEach(() => wg.done());
}

export async function sentinel(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      await fill(url);
      wg.done();
    });
  }
  wg.done();
  await wg.wait();
}

export async function manyWorkers(count: number): Promise<void> {
  const wg = new WaitGroup();
  wg.add(count);
  for (let n = 0; n < count; n++) {
    go(async () => {
      await sleep(n);
      wg.done();
    });
  }
  await wg.wait();
}

export async function sameNumberOtherName(urls: readonly string[], count: number): Promise<void> {
  const wg = new WaitGroup();
  wg.add(count);
  for (const url of urls) wgTask(wg, url);
  await wg.wait();
}

function wgTask(wg: WaitGroup, url: string): void {
  go(async () => {
    await fill(url);
    wg.done();
  });
}

const names = ["a", "b"];
export async function namedList(): Promise<void> {
  const wg = new WaitGroup();
  wg.add(2);
  for (const name of names) {
    go(async () => {
      await fill(name);
      wg.done();
    });
  }
  await wg.wait();
}
