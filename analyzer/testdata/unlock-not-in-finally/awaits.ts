// Released on every normal path, but not when something in between throws.
import { Mutex, RWMutex, sleep } from "@lockscope/sync";

interface Row {
  readonly id: number;
  readonly text: string;
}
declare function load(id: number): Promise<Row>;
declare function validate(row: Row): void;
declare const bus: { emit(event: string, row: Row): void };

const mu = new Mutex({ name: "rows" });
const rw = new RWMutex({ name: "cache" });
const rows = new Map<number, Row>();

export async function awaitsAnUnknownPromise(id: number): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  const row = await load(id);
  rows.set(id, row);
  mu.unlock();
}

export async function callsAUserFunction(row: Row): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  validate(row);
  rows.set(row.id, row);
  mu.unlock();
}

export async function callsAnUnknownMethod(row: Row): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  rows.set(row.id, row);
  bus.emit("row", row);
  mu.unlock();
}

export async function parsesJson(text: string): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  const row: Row = JSON.parse(text);
  rows.set(row.id, row);
  mu.unlock();
}

export async function awaitInTheReturnedValue(id: number): Promise<Row> {
  await rw.rLock(); // want: unlock-not-in-finally
  const row = rows.get(id) ?? (await load(id));
  rw.rUnlock();
  return row;
}

export async function oneBranchAwaits(id: number): Promise<Row | undefined> {
  await mu.lock(); // want: unlock-not-in-finally
  if (rows.has(id)) {
    mu.unlock();
    return rows.get(id);
  }
  const row = await load(id);
  mu.unlock();
  return row;
}

export async function awaitInALoop(ids: readonly number[]): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  for (const id of ids) rows.set(id, await load(id));
  mu.unlock();
}

export async function forAwaitUnderTheLock(stream: AsyncIterable<Row>): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  for await (const row of stream) rows.set(row.id, row);
  mu.unlock();
}

export async function guardReleasedAfterAnAwait(id: number): Promise<void> {
  const guard = await mu.acquire(); // want: unlock-not-in-finally
  rows.set(id, await load(id));
  guard.release();
}

export async function tryLockThenAwait(id: number): Promise<boolean> {
  if (!mu.tryLock()) return false; // want: unlock-not-in-finally
  rows.set(id, await load(id));
  mu.unlock();
  return true;
}

// The catch is there, but what it calls may throw as well.
export async function catchCallsAUserFunction(id: number, report: (error: unknown) => void): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  try {
    rows.set(id, await load(id));
  } catch (error) {
    report(error);
  }
  mu.unlock();
}

export async function tryBeginsTooLate(id: number): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  const row = await load(id);
  try {
    rows.set(id, row);
  } finally {
    mu.unlock();
  }
}

export async function finallyOfSomethingElse(id: number): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  try {
    rows.set(id, await load(id));
  } finally {
    console.log("loaded", id);
  }
  mu.unlock();
}

export async function outerInFinallyInnerNot(id: number): Promise<void> {
  await mu.lock();
  try {
    await rw.lock(); // want: unlock-not-in-finally
    rows.set(id, await load(id));
    rw.unlock();
  } finally {
    mu.unlock();
  }
}

export async function waitsForASignal(id: number, signal: AbortSignal): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  await sleep(100, { signal });
  rows.delete(id);
  mu.unlock();
}

export async function innerLockCanBeAborted(id: number, signal: AbortSignal): Promise<void> {
  await mu.lock(); // want: unlock-not-in-finally
  await rw.lock({ signal });
  rows.delete(id);
  rw.unlock();
  mu.unlock();
}

export class Rows {
  readonly #mu = new Mutex({ name: "#rows" });
  #count = 0;

  #finish(): void {
    this.#mu.unlock();
  }

  async helperUnlocks(id: number): Promise<void> {
    await this.#mu.lock(); // want: unlock-not-in-finally
    await load(id);
    this.#count++;
    this.#finish();
  }

  async aliased(id: number): Promise<void> {
    const mu = this.#mu;
    await mu.lock(); // want: unlock-not-in-finally
    await load(id);
    this.#count--;
    this.#mu.unlock();
  }
}
