// A Once runs its function while everybody else waits for its end: the function itself had better not.
import { go, Once, onceFunc, onceValue } from "@lockscope/sync";

declare function read(name: string): Promise<string>;

export async function direct(): Promise<void> {
  const once = new Once();
  await once.do(async () => {
    await once.do(() => console.log("inner")); // want: once-reentrant
  });
}

export class Config {
  readonly #once = new Once({ name: "config" });
  #values = new Map<string, string>();

  async get(name: string): Promise<string | undefined> {
    await this.#once.do(() => this.#load()); // want: once-reentrant
    return this.#values.get(name);
  }

  async #load(): Promise<void> {
    const region = await this.get("region");
    this.#values.set("region", region ?? (await read("region")));
  }
}

async function start(once: Once, depth: number): Promise<void> {
  await once.do(() => start(once, depth + 1)); // want: once-reentrant
}

export const begin = () => start(new Once(), 0);

export class Service {
  readonly #started = new Once();
  readonly #closed = new Once();

  async start(): Promise<void> {
    await this.#started.do(async () => {
      await read("port");
      await this.#announce();
    });
  }

  async #announce(): Promise<void> {
    await this.#started.do(() => console.log("announced")); // want: once-reentrant
  }

  /** Another Once: right. */
  async stop(): Promise<void> {
    await this.#closed.do(async () => {
      await this.start();
    });
  }
}

const settle = onceFunc(async (): Promise<void> => {
  await read("settings");
  await settle(); // want: once-reentrant
});

export const token: () => Promise<string> = onceValue(async () => {
  const cached = await token(); // want: once-reentrant
  return cached.length > 0 ? cached : read("token");
});

// Right.

export const certificate = onceValue(() => read("certificate"));
export const useCertificate = onceFunc(async () => console.log(await certificate()));

/** Two instances of one class have a Once each. */
export class Node {
  readonly #once = new Once();
  constructor(private readonly next: Node | undefined) {}

  async prepare(): Promise<void> {
    await this.#once.do(async () => {
      await read("node");
      if (this.next !== undefined) await this.next.prepare();
    });
  }
}

/** The function starts a task that waits for it: it does not wait itself. */
export async function taskInside(): Promise<void> {
  const once = new Once();
  await once.do(() => {
    go(async () => {
      await once.do(() => undefined);
      console.log("done once");
    });
  });
}

export async function oneAfterTheOther(): Promise<void> {
  const once = new Once();
  await once.do(() => read("a"));
  await once.do(() => read("b"));
}

export async function sameNameOtherOnce(): Promise<void> {
  const once = new Once();
  await once.do(async () => {
    const once = new Once();
    await once.do(() => read("inner"));
  });
}

export { settle };
