// Adds before the wait, adds under a count that cannot be zero, and rounds one after the other.
import { go, sleep, WaitGroup } from "@lockscope/sync";

declare function fill(url: string): Promise<void>;

export async function loopThenWait(urls: readonly string[]): Promise<void> {
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

export async function rounds(batches: readonly string[][]): Promise<void> {
  const wg = new WaitGroup();
  for (const batch of batches) {
    for (const url of batch) {
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
}

export async function secondRound(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  go(async () => {
    console.log("first round");
    wg.done();
  });
  await wg.wait();
  wg.add(1);
  go(async () => {
    console.log("second round", urls);
    wg.done();
  });
  await wg.wait();
}

/** The waiter's task is counted from before its start to after the last add. */
export async function sentinel(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(1);
  const waiter = go(async () => {
    await wg.wait();
    console.log("all filled");
  });
  for (const url of urls) {
    await sleep(1);
    wg.add(1);
    go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    });
  }
  wg.done();
  await waiter.join();
}

export async function allCountedBeforeTheWaiter(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  wg.add(urls.length);
  const waiter = go(async () => {
    await wg.wait();
    console.log("all filled");
  });
  for (const url of urls) {
    await sleep(1);
    go(async () => {
      try {
        await fill(url);
      } finally {
        wg.done();
      }
    });
  }
  await waiter.join();
}

// A task begins only after the stretch that started it, and there is no await in this one before the add.
export async function waiterCannotHaveBegun(url: string): Promise<void> {
  const wg = new WaitGroup();
  const waiter = go(async () => {
    await wg.wait();
    console.log("filled");
  });
  wg.add(1);
  go(async () => {
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
  await waiter.join();
}

export async function waitsForAnotherGroup(ready: WaitGroup, url: string): Promise<void> {
  const wg = new WaitGroup();
  await ready.wait();
  wg.add(1);
  go(async () => {
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
  await wg.wait();
}

export async function eitherWaitsOrAdds(wg: WaitGroup, urls: readonly string[]): Promise<void> {
  if (urls.length === 0) {
    await wg.wait();
    return;
  }
  wg.add(1);
  go(async () => {
    console.log(urls);
    wg.done();
  });
}

/** A pool is used, drained and used again; every drain waits for what was added before it. */
export class Pool {
  readonly #wg = new WaitGroup({ name: "pool" });

  submit(url: string): void {
    this.#wg.add(1);
    go(async () => {
      try {
        await fill(url);
      } finally {
        this.#wg.done();
      }
    });
  }

  async drain(): Promise<void> {
    await this.#wg.wait();
  }

  async runAll(urls: readonly string[]): Promise<void> {
    for (const url of urls) this.submit(url);
    await this.drain();
    this.submit("last");
    await this.drain();
  }
}

export async function stopsTheWorkers(urls: string[]): Promise<void> {
  const wg = new WaitGroup();
  for (let worker = 0; worker < 4; worker++) {
    wg.add(1);
    go(async () => {
      for (let url = urls.pop(); url !== undefined; url = urls.pop()) {
        await fill(url).catch(console.error);
      }
      wg.done();
    });
  }
  await wg.wait();
}
