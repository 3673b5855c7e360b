// Flags and counters as locks: looked at, then an await, then taken.
declare function sleep(ms: number): Promise<void>;
declare function authorize(): Promise<boolean>;

export class Spin {
  private locked = false;

  async lock(): Promise<void> {
    while (this.locked) await sleep(10);
    await authorize();
    this.locked = true; // want: flawed-lock
  }

  unlock(): void {
    this.locked = false;
  }
}

export class LooksOnce {
  private locked = false;

  async lock(): Promise<void> {
    if (this.locked) {
      await sleep(10);
    }
    this.locked = true; // want: flawed-lock
  }

  unlock(): void {
    this.locked = false;
  }
}

export class Job {
  private running = false;
  private active = 0;

  async run(work: () => Promise<void>): Promise<void> {
    if (this.running) return;
    const allowed = await authorize();
    if (!allowed) return;
    this.running = true; // want: flawed-lock
    try {
      await work();
    } finally {
      this.running = false;
    }
  }

  async limited(work: () => Promise<void>): Promise<boolean> {
    if (this.active >= 4) return false;
    await authorize();
    this.active++; // want: flawed-lock
    try {
      await work();
    } finally {
      this.active--;
    }
    return true;
  }
}

let syncing = false;

export async function sync(work: () => Promise<void>): Promise<void> {
  if (!syncing) {
    await sleep(100);
    syncing = true; // want: flawed-lock
    await work();
    syncing = false;
  }
}

export class Document {
  private locked = false;

  async lock(): Promise<void> {
    if (this.locked) throw new Error("locked");
    await authorize();
    this.locked = true; // want: flawed-lock
  }

  unlock(): void {
    this.locked = false;
  }
}

const busy = new Set<string>();

export async function once(key: string, work: () => Promise<void>): Promise<void> {
  if (busy.has(key)) return;
  await authorize();
  busy.add(key); // want: flawed-lock
  try {
    await work();
  } finally {
    busy.delete(key);
  }
}
