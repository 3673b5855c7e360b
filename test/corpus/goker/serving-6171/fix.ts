// serving-6171, mended: the watcher can be waited for, and the test waits.
import { go, sleep, type Task } from "@lockscope/sync";

class Test {
  readonly lines: string[] = [];
  #over = false;
  constructor(readonly name: string) {}

  log(line: string): void {
    if (this.#over) throw new Error(`log in a task after ${this.name} has completed`);
    this.lines.push(line);
  }

  async run(body: (test: Test) => Promise<void>): Promise<void> {
    await body(this);
    this.#over = true;
  }
}

class RevisionWatcher {
  constructor(private readonly test: Test) {}

  async checkDests(): Promise<void> {
    await sleep(2);
    this.test.log("probed 10.0.0.1");
  }

  run(): Task<void> {
    return go(() => this.checkDests(), { name: "check destinations" });
  }
}

export default async function scenario(): Promise<void> {
  await new Test("TestRevisionWatcher").run(async (test) => {
    const watcher = new RevisionWatcher(test).run();
    await sleep(1);
    await watcher.join();
  });
}
