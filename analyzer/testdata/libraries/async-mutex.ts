// async-mutex: releasers as functions, tuples of a semaphore, faces that time out or do not wait.
import {
  E_ALREADY_LOCKED,
  E_CANCELED,
  E_TIMEOUT,
  Mutex,
  type MutexInterface,
  Semaphore,
  tryAcquire,
  withTimeout,
} from "async-mutex";

declare function load(id: string): Promise<string>;
declare function save(text: string): Promise<void>;
declare const stream: { on(event: string, listener: () => void): void };

const mutex = new Mutex();
const other = new Mutex();
const semaphore = new Semaphore(3);
const texts = new Map<string, string>();

export async function returnsEarly(id: string): Promise<string | undefined> {
  const release = await mutex.acquire(); // want: missing-unlock
  const text = texts.get(id);
  if (text === undefined) return undefined;
  texts.delete(id);
  release();
  return text;
}

export async function throwsBetween(id: string): Promise<void> {
  const release = await mutex.acquire(); // want: unlock-not-in-finally
  texts.set(id, await load(id));
  release();
}

export async function releasedByTheMutex(id: string): Promise<void> {
  await mutex.acquire(); // want: unlock-not-in-finally
  texts.set(id, await load(id));
  mutex.release();
}

export async function forgetsTheReleaser(id: string): Promise<void> {
  await other.acquire(); // want: missing-unlock
  texts.set(id, await load(id));
}

export async function typedLoosely(flag: boolean): Promise<void> {
  let release: (() => void) | undefined;
  release = await mutex.acquire(); // want: missing-unlock
  if (flag) return;
  texts.clear();
  release();
}

export async function notAwaited(): Promise<void> {
  mutex.acquire(); // want: missing-await
  await save("text");
}

export async function itself(): Promise<void> {
  await mutex.runExclusive(async () => {
    await mutex.runExclusive(() => save("text")); // want: reentrant-lock
  });
}

export function itselfLater(): void {
  void mutex.runExclusive(async () => {
    const release = await mutex.acquire(); // want: reentrant-lock
    release();
  });
}

export class Store {
  private readonly mutex = new Mutex();
  private readonly impatient: MutexInterface = withTimeout(new Mutex(), 500);
  private readonly once = tryAcquire(new Mutex());
  private release: (() => void) | undefined;

  async add(text: string): Promise<void> {
    const release = await this.mutex.acquire();
    try {
      texts.set(text, text);
      await this.flush(); // want: reentrant-lock
    } finally {
      release();
    }
  }

  async flush(): Promise<void> {
    await this.mutex.runExclusive(() => save([...texts.values()].join()));
  }

  async reload(): Promise<void> {
    await this.impatient.runExclusive(() => this.refresh()); // want: reentrant-lock
  }

  private async refresh(): Promise<void> {
    const release = await this.impatient.acquire();
    try {
      await save("");
    } finally {
      release();
    }
  }

  async throughAnotherFace(): Promise<void> {
    await this.mutex.runExclusive(async () => {
      await withTimeout(this.mutex, 100).runExclusive(() => save("")); // want: reentrant-lock
    });
  }

  // Right: it does not wait, it fails.
  async onlyOne(): Promise<void> {
    return this.once.runExclusive(() => this.again());
  }

  private async again(): Promise<void> {
    try {
      await this.once.runExclusive(() => save(""));
    } catch (error) {
      if (error !== E_ALREADY_LOCKED) throw error;
    }
  }

  async open(): Promise<void> {
    this.release = await this.mutex.acquire();
    await save("");
  }

  close(): void {
    this.release?.();
    this.release = undefined;
  }

  async openAgain(): Promise<void> {
    this.release = await this.mutex.acquire();
    await save("");
    this.release();
    this.release = await this.mutex.acquire();
  }

  async inTime(): Promise<boolean> {
    let release: MutexInterface.Releaser | null = null;
    try {
      release = await this.impatient.acquire();
      await save("");
      return true;
    } catch (error) {
      if (error === E_TIMEOUT || error === E_CANCELED) return false;
      throw error;
    } finally {
      if (release !== null) release();
    }
  }

  async inAnObject(): Promise<void> {
    const lease = { release: await this.mutex.acquire() };
    await save("");
    lease.release();
    const next = { release: await this.mutex.acquire() };
    next.release();
  }

  later(): void {
    void this.mutex.runExclusive(async () => {
      setTimeout(() => void this.flush(), 100);
    });
  }

  async besides(): Promise<void> {
    await this.mutex.runExclusive(async () => {
      void this.flush();
    });
  }
}

export async function inFinally(id: string): Promise<string> {
  const release = await mutex.acquire();
  try {
    return await load(id);
  } finally {
    release();
  }
}

export async function ifLocked(id: string, locked: boolean): Promise<string> {
  let release: (() => void) | undefined;
  if (locked) release = await mutex.acquire();
  try {
    return await load(id);
  } finally {
    release?.();
  }
}

export async function ifThereIsOne(id: string, locked: boolean): Promise<string> {
  let release: (() => void) | undefined;
  if (locked) release = await mutex.acquire();
  try {
    return await load(id);
  } finally {
    if (release) release();
  }
}

export async function nothingToRelease(id: string): Promise<string> {
  let release = (): void => {};
  try {
    release = await mutex.acquire();
    return await load(id);
  } finally {
    release();
  }
}

/** The library allows it. */
export async function releasedTwice(id: string): Promise<void> {
  const release = await mutex.acquire();
  try {
    if (!texts.delete(id)) release();
  } finally {
    release();
  }
}

export async function handedToThePromise(id: string): Promise<string> {
  const release = await mutex.acquire();
  return load(id).finally(release);
}

export async function handedToListeners(): Promise<void> {
  const release = await mutex.acquire();
  stream.on("end", release);
  stream.on("error", () => release());
}

export async function handedToADeclaredFunction(): Promise<void> {
  const release = await mutex.acquire();
  stream.on("end", finish);
  function finish(): void {
    release();
  }
}

export async function releasedByAHelper(id: string): Promise<void> {
  const release = await mutex.acquire();
  const finish = () => {
    texts.delete(id);
    release();
  };
  try {
    await load(id);
  } finally {
    finish();
  }
}

export async function lock(): Promise<() => void> {
  return await mutex.acquire();
}

export async function permit(): Promise<() => void> {
  const [, release] = await semaphore.acquire();
  return release;
}

export async function lockedForUs(id: string): Promise<void> {
  const release = await lock();
  try {
    await load(id);
  } finally {
    release();
  }
}

export async function two(): Promise<void> {
  const [first, second] = await Promise.all([mutex.acquire(), other.acquire()]);
  try {
    await save("");
  } finally {
    first();
    second();
  }
}

export async function asManyAsThereAre(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const [, release] = await semaphore.acquire();
    void load(id).finally(release);
  }
}

export async function ifItIsFree(): Promise<void> {
  await mutex.runExclusive(async () => {
    try {
      await tryAcquire(mutex).runExclusive(() => save(""));
    } catch (error) {
      if (error !== E_ALREADY_LOCKED) throw error;
    }
  });
}

export async function asked(): Promise<void> {
  await mutex.waitForUnlock();
  if (mutex.isLocked()) mutex.cancel();
  semaphore.setValue(5);
}
