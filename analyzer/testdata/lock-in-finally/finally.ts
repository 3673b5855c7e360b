// A lock at the end, where an unlock was meant.
import { defer, Mutex, RWMutex } from "@lockscope/sync";

declare function append(line: string): Promise<void>;

const mu = new Mutex({ name: "journal" });
const rw = new RWMutex({ name: "index" });
const lines: string[] = [];

export async function deferred(line: string): Promise<void> {
  await mu.lock();
  using _ = defer(() => mu.lock()); // want: lock-in-finally
  lines.push(line);
}

export async function inFinally(line: string): Promise<void> {
  await mu.lock();
  try {
    await append(line);
  } finally {
    await mu.lock(); // want: lock-in-finally
  }
}

export async function withoutAwait(line: string): Promise<void> {
  await mu.lock();
  try {
    await append(line);
  } finally {
    mu.lock(); // want: lock-in-finally
  }
}

export async function deferredWithoutWaiting(line: string): Promise<void> {
  await mu.lock();
  using _ = defer(() => {
    void mu.lock(); // want: lock-in-finally
  });
  lines.push(line);
}

export async function readSide(): Promise<number> {
  await rw.rLock();
  try {
    return lines.length;
  } finally {
    await rw.rLock(); // want: lock-in-finally
  }
}

export class Journal {
  private readonly gate = new Mutex();
  private size = 0;

  async write(line: string): Promise<void> {
    await this.gate.lock();
    try {
      if (line === "") return;
      await append(line);
      this.size += 1;
    } catch (error) {
      this.size = 0;
      throw error;
    } finally {
      await this.gate.lock(); // want: lock-in-finally
    }
  }

  async truncate(): Promise<void> {
    await this.gate.lock();
    try {
      this.size = 0;
    } finally {
      this.gate.unlock();
    }
  }
}

const tail = new Mutex({ name: "tail" });

/** Nobody ever gives it back. */
export async function leftHeld(): Promise<void> {
  try {
    lines.pop();
  } finally {
    await tail.lock(); // want: lock-in-finally
  }
}

export async function trimmed(): Promise<void> {
  await tail.lock();
  try {
    lines.shift();
  } finally {
    tail.unlock();
  }
}

/** Given up for the slow part, and taken again however it ends. */
export async function gaveUpForAWhile(line: string): Promise<void> {
  await mu.lock();
  try {
    lines.push(line);
    mu.unlock();
    try {
      await append(line);
    } finally {
      await mu.lock();
    }
    lines.pop();
  } finally {
    mu.unlock();
  }
}

/** The caller holds it before and after. */
export async function unlocked(line: string): Promise<void> {
  mu.unlock();
  using _ = defer(() => {
    lines.pop();
  });
  try {
    await append(line);
  } finally {
    await mu.lock();
  }
}

/** Clean-up that needs the lock for itself. */
export async function locksToCleanUp(line: string): Promise<void> {
  try {
    await append(line);
  } finally {
    await mu.lock();
    try {
      lines.length = 0;
    } finally {
      mu.unlock();
    }
  }
}

export async function anotherLock(line: string): Promise<void> {
  await mu.lock();
  try {
    lines.push(line);
  } finally {
    mu.unlock();
    await rw.lock();
    lines.sort();
    rw.unlock();
  }
}
