import { strict as assert } from "node:assert";
import { Mutex, RWMutex } from "@lockscope/sync";

declare const it: { (name: string, test: () => unknown): void; only: (name: string, test: () => unknown) => void };
declare function beforeEach(hook: () => unknown): void;
declare function expect(value: unknown): { toBe(wanted: unknown): void; toThrow(): void };

const shared = new Mutex();

beforeEach(async () => {
  await shared.lock();
  assert.equal(shared.waiters, 0);
  shared.unlock();
});

it("is held by one", async () => {
  const mu = new Mutex();
  await mu.lock();
  expect(mu.tryLock()).toBe(false);
  mu.unlock();
});

it.only("can be had again", async () => {
  const rw = new RWMutex();
  await rw.rLock();
  rw.rUnlock();
  await rw.lock();
  rw.unlock();
});

it("complains of misuse", async () => {
  const never = new Mutex();
  expect(() => never.unlock()).toThrow();
  const twice = await never.acquire();
  twice.release();
  assert.throws(() => twice.release());
});

it("still sees what is wrong in a test", async () => {
  const mu = new Mutex();
  await mu.lock();
  mu.unlock();
  mu.unlock(); // want: unlock-of-unlocked
});

/** Shared by tests, but no test itself. */
export async function checked(expected: number): Promise<void> {
  await shared.lock(); // want: unlock-not-in-finally
  assert.equal(shared.waiters, expected);
  shared.unlock();
}
