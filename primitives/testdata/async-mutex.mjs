// A program in the style of those that use async-mutex and know nothing of tasks: a small job store.
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { E_TIMEOUT, Mutex, Semaphore, withTimeout } from "async-mutex";

const { audit } = createRequire(import.meta.url)("./async-mutex.cjs");
const slots = new Semaphore(2);
const accounts = { from: new Mutex(), to: new Mutex() };
let done = 0;

async function transfer() {
  await accounts.from.runExclusive(async () => {
    await delay(2);
    const release = await accounts.to.acquire();
    done++;
    release();
  });
}

async function job(id) {
  const [, release] = await slots.acquire();
  try {
    await transfer();
    await audit(id);
  } finally {
    release();
  }
}

await Promise.all([1, 2, 3].map(job));
const held = await accounts.from.acquire();
const late = await withTimeout(accounts.from, 5).acquire().catch((error) => error === E_TIMEOUT);
held();
console.log(done, late, slots.getValue());
