import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Data {
  count: number;
  readonly names: string[];
}

const path = "state.json";

export async function increment(): Promise<void> {
  const data: Data = JSON.parse(await readFile(path, "utf8"));
  data.count += 1;
  await writeFile(path, JSON.stringify(data)); // want: lost-update
}

export class Store {
  #chain: Promise<void> = Promise.resolve();
  constructor(readonly file: string) {}

  async add(name: string): Promise<void> {
    const data = await this.#load();
    data.names.push(name);
    await this.#save(data);
  }

  addInTurn(name: string): Promise<void> {
    const run = this.#chain.then(async () => {
      const data: Data = JSON.parse(await readFile(this.file, "utf8"));
      data.names.push(name);
      await writeFile(this.file, JSON.stringify(data));
    });
    this.#chain = run.catch(() => {});
    return run;
  }

  async #load(): Promise<Data> {
    return JSON.parse(await readFile(this.file, "utf8"));
  }

  async #save(data: Data): Promise<void> {
    await writeFile(this.file, JSON.stringify(data, null, 2)); // want: lost-update
  }

  async replace(names: readonly string[]): Promise<void> {
    await readFile(this.file);
    await writeFile(this.file, JSON.stringify({ count: 0, names }));
  }
}

export async function bump(folder: string): Promise<void> {
  const manifest = join(folder, "package.json");
  const data: { version: string } = JSON.parse(await readFile(manifest, "utf8"));
  data.version = "2.0.0";
  await writeFile(manifest, JSON.stringify(data));
}
