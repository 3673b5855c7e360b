// async-lock: a lock for each key.
import AsyncLock from "async-lock";

declare function load(id: string): Promise<string>;
declare function save(text: string): Promise<void>;

const locks = new AsyncLock();
const reentrant = new AsyncLock({ domainReentrant: true });
const STATE = "state";

export async function theSameKey(): Promise<void> {
  await locks.acquire("a", async () => {
    await locks.acquire("a", () => save("")); // want: reentrant-lock
  });
}

export async function theSameVariable(id: string): Promise<void> {
  await locks.acquire(id, async () => {
    await locks.acquire(id, () => save("")); // want: reentrant-lock
  });
}

export async function oneOfMany(): Promise<void> {
  await locks.acquire(["a", "b"], async () => {
    await locks.acquire("b", () => save("")); // want: reentrant-lock
  });
}

export class Accounts {
  private readonly lock = new AsyncLock({ timeout: 500 });

  deposit(): Promise<void> {
    return this.lock.acquire(STATE, async () => {
      await this.audit(); // want: reentrant-lock
    });
  }

  audit(): Promise<void> {
    return this.lock.acquire(STATE, () => save(""));
  }

  report(): Promise<void> {
    return this.lock.acquire("report", () => this.audit());
  }

  start(): void {
    void this.lock.acquire(STATE, async () => {
      await this.audit(); // want: reentrant-lock
    });
  }
}

export async function twoKeys(): Promise<void> {
  await locks.acquire("a", async () => {
    await locks.acquire("b", () => save(""));
  });
}

export async function oneAfterTheOther(): Promise<void> {
  await locks.acquire("a", () => save("1"));
  await locks.acquire("a", () => save("2"));
}

interface Tree {
  readonly id: string;
  readonly children: readonly Tree[];
}

/** Each node has a key of its own. */
export async function visit(tree: Tree): Promise<void> {
  await locks.acquire(tree.id, async () => {
    for (const child of tree.children) await visit(child);
  });
}

export async function shorter(id: string): Promise<void> {
  if (id === "") return;
  await locks.acquire(id, () => shorter(id.slice(1)));
}

export async function composed(user: { id: string }): Promise<void> {
  await locks.acquire(`user:${user.id}`, async () => {
    await locks.acquire(`user:${user.id}:mail`, () => load(user.id));
  });
}

export async function allowed(): Promise<void> {
  await reentrant.acquire("a", () => reentrant.acquire("a", () => save("")));
}

export function calledBack(): void {
  locks.acquire(
    "a",
    (done) => {
      locks.acquire("b", () => save("")).then(() => done());
    },
    () => {},
  );
}
