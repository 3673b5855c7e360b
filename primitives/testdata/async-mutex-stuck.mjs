// Two flows of a program without tasks, in each other's way.
import { setTimeout as delay } from "node:timers/promises";
import { Mutex } from "async-mutex";

const a = new Mutex();
const b = new Mutex();
const both = async (first, second) => {
  const release = await first.acquire();
  await delay(1);
  await second.runExclusive(() => {});
  release();
};
both(a, b);
both(b, a);
