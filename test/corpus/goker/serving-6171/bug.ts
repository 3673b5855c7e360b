// serving-6171: a revision watcher under test logs through the test; one of its tasks still does when the test has
// returned, and a test that is over throws at whoever logs to it.
import { go, sleep } from "@lockscope/sync";

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

  run(): void {
    go(() => this.checkDests(), { name: "check destinations" }); // want: task-outlives-test
  }
}

export default async function scenario(): Promise<void> {
  await new Test("TestRevisionWatcher").run(async (test) => {
    new RevisionWatcher(test).run();
    await sleep(1);
  });
}
