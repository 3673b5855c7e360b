// The primes below 200,000, by a pool of threads. Small numbers are looked at faster than large ones: so nobody gets a
// fixed share, each thread takes the next thousand from an atomic counter until there are none left.
// You should see: "17984 primes below 200000".
import { once } from "node:events";
import { Int32 } from "@lockscope/sync/atomic";
import { startThread } from "../thread.js";

const limit = 200_000;
/** The first number that nobody has taken. */
const next = new Int32(2);
const found = new Int32();

const threads = [1, 2, 3, 4].map(() =>
  startThread(new URL("./worker.ts", import.meta.url), { limit, next: next.handle, found: found.handle }),
);
await Promise.all(threads.map((thread) => once(thread, "exit")));
console.log(`${found.load()} primes below ${limit}`);
