declare function write(rows: readonly string[]): Promise<void>;
declare function download(name: string): Promise<void>;
declare function isThere(name: string): boolean;

/** Whether there is anything to do is asked again after the wait, and the first who goes on has done it. */
export class Buffer {
  private flushing: Promise<void> | undefined;
  private scheduled: string[] | undefined;
  private readonly downloads = new Map<string, Promise<void>>();
  private rows: string[] = [];
  private closed = false;

  async flush(): Promise<void> {
    await this.flushing;
    if (this.rows.length > 0) {
      this.flushing = this.writeAll();
      await this.flushing;
    }
  }

  async run(): Promise<void> {
    await this.flushing;
    if (!this.scheduled) return;
    this.flushing = write(this.scheduled);
    this.scheduled = undefined;
  }

  async fetch(name: string): Promise<void> {
    if (this.downloads.get(name)) await this.downloads.get(name);
    if (!this.hasFile(name)) {
      const promise = download(name);
      this.downloads.set(name, promise);
      await promise;
    }
  }

  async overAndOver(): Promise<void> {
    await this.flushing;
    this.flushing = this.writeAll(); // want: flawed-lock
    await this.flushing;
  }

  /** That it is not over says nothing about others who waited too. */
  async unlessClosed(): Promise<void> {
    await this.flushing;
    if (this.closed) return;
    this.flushing = this.writeAll(); // want: flawed-lock
    await this.flushing;
  }

  async askedTooEarly(): Promise<void> {
    if (this.rows.length === 0) return;
    await this.flushing;
    this.flushing = this.writeAll(); // want: flawed-lock
    await this.flushing;
  }

  private writeAll(): Promise<void> {
    const { rows } = this;
    this.rows = [];
    return write(rows);
  }

  private hasFile(name: string): boolean {
    return isThere(name);
  }
}

declare function createDefer(): PromiseLike<void> & { resolve(): void };
declare function launch(): Promise<void>;

/** A gate that the function opens itself: one who waits to stop and one who waits to start are both let in. */
export class Runner {
  private turn: ReturnType<typeof createDefer> | undefined;
  private state = "idle";

  async start(): Promise<void> {
    if (this.turn) await this.turn;
    if (this.state === "started") return;
    this.turn = createDefer(); // want: flawed-lock
    try {
      await launch();
      this.state = "started";
    } finally {
      this.turn.resolve();
      this.turn = undefined;
    }
  }
}
