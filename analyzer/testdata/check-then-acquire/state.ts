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
