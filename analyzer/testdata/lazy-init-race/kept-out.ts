declare function connect(): Promise<{ close(): Promise<void> }>;
declare function prepare(): Promise<void>;
declare function concatMap<T, R>(work: (value: T) => Promise<R>): (source: Iterable<T>) => Iterable<R>;
declare function mergeMap<T, R>(work: (value: T) => Promise<R>): (source: Iterable<T>) => Iterable<R>;
declare function isRefused(error: unknown): boolean;

type State = "new" | "starting" | "running" | "stopped";

/** A state that is asked by a switch and left before the first await. */
export class Server {
  private state: State = "new";
  private client: { close(): Promise<void> } | undefined;

  async start(): Promise<void> {
    switch (this.state) {
      case "new":
      case "stopped":
        break;
      default:
        throw new Error(`it is ${this.state}`);
    }
    this.become("starting");
    await this.open();
    this.become("running");
  }

  private become(state: State): void {
    this.state = state;
  }

  private async open(): Promise<void> {
    if (this.client === undefined) this.client = await connect();
  }
}

/** Every clause goes on, so that nobody is kept out. */
export class Lenient {
  private state: State = "new";
  private client: { close(): Promise<void> } | undefined;

  async start(): Promise<void> {
    switch (this.state) {
      case "running":
        console.log("again");
        break;
      default:
        console.log("first");
    }
    this.state = "starting";
    if (this.client === undefined) this.client = await connect(); // want: lazy-init-race
  }
}

/** All that comes after the shared promise is the mark that it is over. */
export class Started {
  private starting: Promise<void> | undefined;
  private started = false;
  private listened = false;

  async ensure(): Promise<void> {
    if (this.started) return;
    if (!this.starting) this.starting = prepare();
    await this.starting;
    this.started = true;
  }

  async listen(target: EventTarget): Promise<void> {
    if (this.listened) return;
    this.starting ??= prepare();
    await this.starting;
    target.addEventListener("message", () => {});
    this.listened = true; // want: lazy-init-race
  }

  async unshared(): Promise<void> {
    if (this.started) return;
    await prepare();
    this.started = true; // want: lazy-init-race
  }
}

/** What the first statement of a `try` claims is claimed for its `catch` as well. */
export class Refresher {
  private refreshing: Array<() => void> | undefined;
  private failure: { error: unknown; until: number } | undefined;

  async refresh(): Promise<void> {
    if (this.refreshing) return;
    if (this.failure && Date.now() < this.failure.until) throw this.failure.error;
    try {
      this.refreshing = new Array();
      await prepare();
    } catch (error) {
      if (isRefused(error)) await prepare();
      this.failure = { error, until: Date.now() + 1000 };
    } finally {
      this.refreshing = undefined;
    }
  }

  async unclaimed(): Promise<void> {
    if (this.failure && Date.now() < this.failure.until) throw this.failure.error;
    try {
      await prepare();
    } catch (error) {
      if (isRefused(error)) await prepare();
      this.failure = { error, until: Date.now() + 1000 }; // want: lazy-init-race
    }
  }
}

/** One value after the other, and all of them at once. */
export class Versions {
  private first: { close(): Promise<void> } | undefined;
  private second: { close(): Promise<void> } | undefined;

  inTurn = concatMap(async (name: string) => {
    if (!this.first) this.first = await connect();
    return name;
  });

  atOnce = mergeMap(async (name: string) => {
    if (!this.second) this.second = await connect(); // want: lazy-init-race
    return name;
  });
}

declare class SingleFlight<T> {
  do(key: string, fn: () => Promise<T>): Promise<{ value: T }>;
}

/** One at a time for each key, whatever the field is called. */
export class Flights {
  readonly #values = new Map<string, string>();
  readonly #calls = new SingleFlight<string>();

  constructor(private readonly asked: SingleFlight<string>) {}

  async get(key: string): Promise<string> {
    const found = this.#values.get(key);
    if (found !== undefined) return found;
    const { value } = await this.#calls.do(key, async () => (await fetch(key)).text());
    this.#values.set(key, value);
    return value;
  }

  async ask(key: string): Promise<string> {
    const found = this.#values.get(key);
    if (found !== undefined) return found;
    const { value } = await this.asked.do(key, async () => (await fetch(key)).text());
    this.#values.set(key, value);
    return value;
  }
}
