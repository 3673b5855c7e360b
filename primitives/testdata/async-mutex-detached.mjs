// What is started while a lock is held, and not awaited, waits for its starter and not for itself.
import { setTimeout as delay } from "node:timers/promises";
import { Mutex } from "async-mutex";

const mutex = new Mutex();
const later = async () => {
  await delay(1);
  await mutex.runExclusive(() => {});
};
let started;
await mutex.runExclusive(async () => {
  started = later();
  await delay(5);
});
await started;
