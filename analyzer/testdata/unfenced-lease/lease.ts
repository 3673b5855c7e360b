// A lease can be over without anybody telling the code that relies on it.
import { Mutex as LocalMutex } from "@lockscope/sync";
import { Mutex, RWMutex, Session, type Store } from "@lockscope/sync/distributed";

interface Accounts {
  read(id: string): Promise<number>;
  update(id: string, amount: number): Promise<void>;
  updateFenced(id: string, amount: number, token: bigint): Promise<void>;
  save(id: string, options: { signal: AbortSignal }): Promise<void>;
}

declare const accounts: Accounts;
declare function saveReport(text: string): Promise<void>;
declare function fetchReport(): Promise<string>;

export async function book(session: Session, id: string, amount: number): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    const before = await accounts.read(id);
    await accounts.update(id, before + amount); // want: unfenced-lease
  } finally {
    await mu.unlock();
  }
}

export async function report(store: Store): Promise<void> {
  const session = await Session.open(store, { ttlSeconds: 10 });
  const rw = new RWMutex(session, "/report");
  await rw.lock();
  try {
    await saveReport(await fetchReport()); // want: unfenced-lease
  } finally {
    await rw.unlock();
  }
  await session.close();
}

export class Ledger {
  readonly #mu: Mutex;

  constructor(session: Session) {
    this.#mu = new Mutex(session, "/ledger");
  }

  async add(id: string, amount: number): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#write(id, amount); // want: unfenced-lease
    } finally {
      await this.#mu.unlock();
    }
  }

  async #write(id: string, amount: number): Promise<void> {
    await accounts.update(id, amount);
  }
}

// Right.

export async function fenced(session: Session, id: string, amount: number): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    await accounts.updateFenced(id, amount, mu.fencingToken);
  } finally {
    await mu.unlock();
  }
}

export async function namedToken(session: Session, id: string, amount: number): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    const { fencingToken } = mu;
    await accounts.updateFenced(id, amount, fencingToken);
  } finally {
    await mu.unlock();
  }
}

export async function withSignal(session: Session, id: string): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    await accounts.save(id, { signal: session.lost });
  } finally {
    await mu.unlock();
  }
}

export async function checked(session: Session, id: string, amount: number): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    const before = await accounts.read(id);
    session.lost.throwIfAborted();
    await accounts.update(id, before + amount);
  } finally {
    await mu.unlock();
  }
}

export async function readsOnly(session: Session, id: string): Promise<number> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    return await accounts.read(id);
  } finally {
    await mu.unlock();
  }
}

export async function behindTheLock(session: Session, id: string): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  const before = await accounts.read(id).finally(() => mu.unlock());
  await accounts.update(id, before);
}

const local = new LocalMutex();

export async function inProcess(id: string): Promise<void> {
  await local.withLock(() => accounts.update(id, 1));
  await local.withLock(() => accounts.update(id, 2));
}

/** Ends the process when the lease is gone. */
export class Watched {
  readonly #mu: Mutex;

  constructor(session: Session) {
    this.#mu = new Mutex(session, "/watched");
    session.lost.addEventListener("abort", () => process.exit(1));
  }

  async add(id: string, amount: number): Promise<void> {
    await this.#mu.lock();
    try {
      await accounts.update(id, amount);
    } finally {
      await this.#mu.unlock();
    }
  }
}

export async function handsTheSession(session: Session, id: string): Promise<void> {
  const mu = new Mutex(session, `/accounts/${id}`);
  await mu.lock();
  try {
    await updateWith(session, id);
  } finally {
    await mu.unlock();
  }
}

async function updateWith(session: Session, id: string): Promise<void> {
  if (session.lost.aborted) throw new Error("lost");
  await accounts.update(id, 1);
}
