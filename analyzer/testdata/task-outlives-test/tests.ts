// A test ends when its tasks have ended.
import { go, gosched, sleep, type Task, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

declare function it(name: string, body: (done: () => void) => void | Promise<void>): void;
declare function test(name: string, body: () => void | Promise<void>): void;
declare function describe(name: string, body: () => void): void;
declare function fetchPage(url: string): Promise<string>;
declare function waitUntil(condition: () => boolean): Promise<void>;

class Refresher {
  readonly log: string[] = [];

  start(): void {
    go(() => this.#refresh()); // want: task-outlives-test
  }

  startJoinable(): Task<void> {
    return go(() => this.#refresh());
  }

  async #refresh(): Promise<void> {
    await sleep(20);
    this.log.push("refreshed");
  }
}

describe("wrong", () => {
  it("waits for less than the task does", async () => {
    let ticks = 0;
    go(async () => { // want: task-outlives-test
      await sleep(20);
      ticks += 1;
    });
    await sleep(5);
    console.log(ticks);
  });

  it("does not wait", () => {
    go(async () => { // want: task-outlives-test
      console.log(await fetchPage("a"));
    });
  });

  test("starts it through a method", async () => {
    const refresher = new Refresher();
    refresher.start();
    await sleep(1);
  });

  it("has a task without end", async () => {
    let ticks = 0;
    go(async () => { // want: task-outlives-test
      for (;;) {
        await sleep(1);
        ticks += 1;
      }
    });
    await sleep(50);
    console.log(ticks);
  });

  it("names it and leaves it", async () => {
    const page = go(() => fetchPage("b")); // want: task-outlives-test
    console.log("started");
  });
});

describe("right", () => {
  it("joins", async () => {
    const task = go(() => sleep(20));
    await task.join();
  });

  it("joins what a method started", async () => {
    await new Refresher().startJoinable().join();
  });

  it("waits for longer than the task does", async () => {
    let ticks = 0;
    go(async () => {
      await sleep(1);
      ticks += 1;
    });
    await sleep(20);
    console.log(ticks);
  });

  it("waits for a group", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    go(async () => {
      await sleep(5);
      wg.done();
    });
    await wg.wait();
  });

  it("waits for a channel", async () => {
    const ready = new Channel<string>();
    go(async () => {
      await ready.send(await fetchPage("c"));
    });
    console.log(await ready.receive());
  });

  it("polls", async () => {
    let ready = false;
    go(async () => {
      await sleep(5);
      ready = true;
    });
    await waitUntil(() => ready);
  });

  it("is told by a promise", async () => {
    await new Promise<void>((resolve) => {
      go(async () => {
        await sleep(5);
        resolve();
      });
    });
  });

  it("is told by a callback", (done) => {
    go(async () => {
      await sleep(5);
      done();
    });
  });

  it("has nothing to wait for", async () => {
    go(() => console.log("at once"));
    await gosched();
  });

  it("collects its tasks", async () => {
    const tasks: Task<void>[] = [];
    for (let n = 0; n < 3; n++) tasks.push(go(() => sleep(n)));
    for (const task of tasks) await task.join();
  });
});

/** Not a test. */
export function background(): void {
  go(async () => {
    await sleep(1000);
    console.log("later");
  });
}
