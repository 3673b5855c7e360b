// No library in sight: a flag, a counter or a lock by hand that the finally gives up.
import { writeFile } from "node:fs/promises";

export class Job {
  private busy = false;
  private active = 0;
  private held = new Set<string>();
  private log: string[] = [];

  private async work(): Promise<void> {
    await writeFile("job", this.log.join("\n"));
    this.log = [];
  }

  async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      return this.work(); // want: escaping-section
    } finally {
      this.busy = false;
    }
  }

  runSoon(): Promise<void> | undefined {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      return this.work(); // want: escaping-section
    } finally {
      this.busy = false;
    }
  }

  async limited<T>(task: () => Promise<T>): Promise<T | undefined> {
    if (this.active > 3) return undefined;
    this.active++;
    try {
      return task(); // want: escaping-section
    } finally {
      this.active--;
    }
  }

  async keyed(key: string): Promise<void> {
    if (this.held.has(key)) return;
    this.held.add(key);
    try {
      const done = writeFile(key, "");
      return done; // want: escaping-section
    } finally {
      this.held.delete(key);
    }
  }

  private async lock(): Promise<void> {
    while (this.busy) await new Promise((resolve) => setTimeout(resolve, 1));
    this.busy = true;
  }

  private unlock(): void {
    this.busy = false;
  }

  async locked(): Promise<void> {
    await this.lock();
    try {
      return this.work(); // want: escaping-section
    } finally {
      this.unlock();
    }
  }

  async waits(): Promise<void> {
    await this.lock();
    try {
      return await this.work();
    } finally {
      this.unlock();
    }
  }

  private count(): number {
    return this.log.length;
  }

  synchronous(): number {
    this.busy = true;
    try {
      return this.count();
    } finally {
      this.busy = false;
    }
  }

  withSync<T>(read: () => T): T {
    this.active++;
    try {
      return read();
    } finally {
      this.active--;
    }
  }

  /** Nothing is given up but a timer. */
  async timed(): Promise<void> {
    const timer = setTimeout(() => this.log.push("slow"), 1000);
    try {
      return this.work();
    } finally {
      clearTimeout(timer);
    }
  }

  async chained(): Promise<void> {
    this.busy = true;
    return this.work().finally(() => {
      this.busy = false;
    });
  }

  /** Not held yet. */
  async early(): Promise<void> {
    try {
      if (this.log.length === 0) return this.work();
      this.busy = true;
      await this.work();
    } finally {
      this.busy = false;
    }
  }
}

export async function withRelease<T>(
  acquire: () => Promise<() => void>,
  task: () => Promise<T>,
): Promise<T> {
  const release = await acquire();
  try {
    return task(); // want: escaping-section
  } finally {
    release();
  }
}
