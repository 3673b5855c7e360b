// Guards: `using`, release(), and guards that somebody else will release.
import { defer, type Guard, Mutex, RWMutex } from "@lockscope/sync";

declare function render(page: string): Promise<string>;

const mu = new Mutex({ name: "pages" });
const rw = new RWMutex({ name: "index" });
const pages = new Map<string, string>();

export async function usingGuard(page: string): Promise<string | undefined> {
  using guard = await mu.acquire();
  if (pages.has(page)) return pages.get(page);
  const text = await render(page);
  pages.set(page, text);
  return text;
}

export async function usingDefer(page: string): Promise<void> {
  await mu.lock();
  using _ = defer(() => mu.unlock());
  pages.set(page, await render(page));
}

export async function usingInABlock(page: string): Promise<string> {
  {
    using guard = await rw.acquireRead();
    const text = pages.get(page);
    if (text !== undefined) return text;
  }
  return render(page);
}

export async function usingInALoop(wanted: readonly string[]): Promise<void> {
  for (const page of wanted) {
    using guard = await rw.acquire();
    if (pages.has(page)) continue;
    pages.set(page, "");
  }
}

export async function releaseInFinally(page: string): Promise<void> {
  const guard = await mu.acquire();
  try {
    pages.set(page, await render(page));
  } finally {
    guard.release();
  }
}

export async function releasedEarlyUnderUsing(page: string): Promise<string> {
  using guard = await mu.acquire();
  const text = pages.get(page) ?? "";
  guard.release();
  return text === "" ? render(page) : text;
}

export async function returnsBeforeRelease(page: string): Promise<boolean> {
  const guard = await mu.acquire(); // want: missing-unlock
  if (pages.has(page)) return false;
  pages.set(page, "");
  guard.release();
  return true;
}

export async function guardIsDropped(page: string): Promise<void> {
  await mu.acquire(); // want: missing-unlock
  pages.delete(page);
}

export async function guardIsNeverReleased(page: string): Promise<void> {
  const guard = await mu.acquire(); // want: missing-unlock
  pages.delete(page);
}

export async function guardTakenAgain(page: string): Promise<void> {
  let guard = await mu.acquire();
  pages.delete(page);
  guard.release();
  console.log("deleted", page);
  guard = await mu.acquire();
  pages.set(page, "");
  guard.release();
}

/** The caller releases. */
export async function returnsTheGuard(): Promise<Guard> {
  return mu.acquire();
}

export async function returnsTheGuardLater(page: string): Promise<Guard> {
  const guard = await mu.acquire();
  pages.delete(page);
  return guard;
}

export async function returnsItInAnObject(page: string): Promise<{ text: string; guard: Guard }> {
  const guard = await mu.acquire();
  return { text: pages.get(page) ?? "", guard };
}

export async function passesItOn(finish: (guard: Guard) => void): Promise<void> {
  const guard = await mu.acquire();
  finish(guard);
}

export async function collectsThem(guards: Guard[]): Promise<void> {
  guards.push(await mu.acquire());
  guards.push(await rw.acquire());
}

export async function onAStack(page: string): Promise<void> {
  using stack = new DisposableStack();
  stack.use(await mu.acquire());
  stack.use(await rw.acquire());
  pages.set(page, await render(page));
}

export class Session {
  private guard: Guard | undefined;

  async begin(): Promise<void> {
    this.guard = await mu.acquire();
  }

  end(): void {
    this.guard?.release();
    this.guard = undefined;
  }
}

// An odd mixture, but the lock is given back: the guard's own release is never called.
export async function unlocksTheMutexItself(page: string): Promise<void> {
  const guard = await mu.acquire();
  try {
    pages.delete(page);
  } finally {
    mu.unlock();
  }
}

export async function withLock(page: string): Promise<string> {
  return mu.withLock(async () => {
    const text = await render(page);
    pages.set(page, text);
    return text;
  });
}

async function guardInTime(lock: Mutex, ms: number): Promise<Guard> {
  return await lock.acquire({ signal: AbortSignal.timeout(ms) });
}

/** A guard that came from a helper is a guard like any other. */
export async function forgetsTheGuardOfAHelper(lock: Mutex): Promise<void> {
  const lease = await guardInTime(lock, 100); // want: missing-unlock
  if (lease === undefined) console.log("not held");
}

export async function usesTheGuardOfAHelper(lock: Mutex): Promise<void> {
  using _lease = await guardInTime(lock, 100);
  console.log("held");
}

export async function passesOnTheGuardOfAHelper(lock: Mutex): Promise<Guard> {
  const lease = await guardInTime(lock, 100);
  console.log("held");
  return lease;
}

/** Two guards of one lock: each gives back its own. */
export async function forgetsTheInnerOfTwo(table: RWMutex): Promise<void> {
  using _outer = await table.acquireRead();
  await table.acquireRead(); // want: missing-unlock, recursive-read-lock
  console.log("read");
}
