declare function charge(amount: number): Promise<void>;
declare function open(): Promise<{ id: number }>;
declare function handle(id: string): Promise<void>;

export class Account {
  balance = 100;
  readonly seen = new Set<string>();
  readonly pool: { id: number }[] = [];
  readonly max = 4;

  async withdraw(amount: number): Promise<void> {
    if (this.balance < amount) throw new Error("too little");
    await charge(amount);
    this.balance -= amount; // want: check-then-acquire
  }

  async once(id: string): Promise<void> {
    if (this.seen.has(id)) return;
    await handle(id);
    this.seen.add(id); // want: check-then-acquire
  }

  async grow(): Promise<void> {
    if (this.pool.length < this.max) {
      const connection = await open();
      this.pool.push(connection); // want: check-then-acquire
    }
  }

  async reserve(amount: number): Promise<void> {
    if (this.balance < amount) throw new Error("too little");
    this.balance -= amount;
    try {
      await charge(amount);
    } catch (error) {
      this.balance += amount;
      throw error;
    }
  }

  async markFirst(id: string): Promise<void> {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    await handle(id);
  }

  async lookAgain(amount: number): Promise<void> {
    if (this.balance < amount) return;
    await charge(amount);
    if (this.balance < amount) throw new Error("too little");
    this.balance -= amount;
  }

  async count(): Promise<void> {
    if (this.balance === 0) await charge(0);
    this.balance++;
  }
}

declare function send(task: { id: string; body: string }): Promise<{ status: number }>;

export class Dispatcher {
  private attempts = 0;
  private failures = 0;
  private heads: number[] = [];

  /** The answer decides, not what was sent along. */
  async dispatch(id: string): Promise<void> {
    const request = send({ id, body: `attempt ${this.attempts}` });
    const { status } = await request;
    if (status >= 500) this.attempts++;
  }

  /** What the failed part had looked at does not decide about what is done for every failure. */
  async reported(): Promise<void> {
    try {
      await this.flushIfMany();
    } catch {
      this.failures += 1;
    }
  }

  private async flushIfMany(): Promise<void> {
    if (this.failures > 10) await charge(this.failures);
  }

  /** Called without a head there is none to add. */
  async start(): Promise<void> {
    if (this.heads.length > 0) await this.process();
  }

  async process(head?: number): Promise<void> {
    if (head !== undefined) await this.fill(head);
  }

  private async fill(head: number): Promise<void> {
    await charge(head);
    this.heads.push(head);
  }

  async startWith(head: number): Promise<void> {
    if (this.heads.length < 10) await this.add(head);
  }

  private async add(head?: number): Promise<void> {
    if (head === undefined) return;
    await charge(head);
    this.heads.push(head); // want: check-then-acquire
  }
}
