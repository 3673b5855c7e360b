// Somebody waits already when the count goes up from zero: they have been let through.
import { go, sleep, WaitGroup } from "@lockscope/sync";

declare function fill(url: string): Promise<void>;

export async function waiterStartedFirst(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  const waiter = go(async () => {
    await wg.wait();
    console.log("all filled");
  });
  for (const url of urls) {
    await sleep(1);
    wg.add(1); // want: waitgroup-add-after-wait
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

export async function waitNotAwaitedYet(url: string): Promise<void> {
  const wg = new WaitGroup();
  const finished = wg.wait();
  wg.add(1); // want: waitgroup-add-after-wait
  go(async () => {
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
  await finished;
}

export async function callbackOnWait(url: string): Promise<void> {
  const wg = new WaitGroup();
  wg.wait().then(
    () => console.log("all filled"),
    (error: unknown) => console.error(error),
  );
  wg.add(1); // want: waitgroup-add-after-wait
  go(async () => {
    try {
      await fill(url);
    } finally {
      wg.done();
    }
  });
}

/** Counted by a task that is not counted itself, while the caller goes straight to wait. */
export async function addedByAnUncountedTask(urls: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  go(async () => {
    for (const url of urls) {
      wg.add(1); // want: waitgroup-add-after-wait
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

export class Batch {
  readonly #wg = new WaitGroup({ name: "batch" });

  async run(urls: readonly string[]): Promise<void> {
    const reporter = go(async () => {
      await this.#wg.wait();
      console.log("batch is filled");
    });
    await sleep(1);
    this.#wg.add(urls.length); // want: waitgroup-add-after-wait
    for (const url of urls) {
      go(async () => {
        try {
          await fill(url);
        } finally {
          this.#wg.done();
        }
      });
    }
    await reporter.join();
  }
}
