// Readers and writers at a table of results: any number may read at the same time, whoever writes is alone.
// You should see: "up to 5 readers at once, a writer alone every time", "6 results".
import { RWMutex, sleep, WaitGroup } from "@lockscope/sync";

class Results {
  readonly #rw = new RWMutex({ name: "results" });
  /** @guardedBy #rw */
  readonly #rows: string[] = [];

  async read(): Promise<readonly string[]> {
    using _guard = await this.#rw.acquireRead();
    seen.readers = Math.max(seen.readers, this.#rw.readers);
    await sleep(2);
    return [...this.#rows];
  }

  async add(row: string): Promise<void> {
    using _guard = await this.#rw.acquire();
    if (this.#rw.readers > 0) seen.writerAlone = false;
    await sleep(1);
    this.#rows.push(row);
  }
}

/** What was observed from within. */
const seen = { readers: 0, writerAlone: true };

const results = new Results();
const everybody = new WaitGroup({ name: "everybody" });
for (let reader = 0; reader < 5; reader++) {
  everybody.go(async () => {
    for (let i = 0; i < 4; i++) await results.read();
  });
}
for (const writer of ["north", "south"]) {
  everybody.go(async () => {
    for (let round = 1; round <= 3; round++) await results.add(`${writer} ${round}`);
  });
}
await everybody.wait();

const alone = seen.writerAlone ? "a writer alone every time" : "a writer had company";
console.log(`up to ${seen.readers} readers at once, ${alone}`);
console.log(`${(await results.read()).length} results`);
