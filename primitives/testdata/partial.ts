// Two tasks deadlock while the rest of the program lives on.
import { go, Mutex, sleep } from "@lockscope/sync";

const [a, b] = [new Mutex({ name: "a" }), new Mutex({ name: "b" })];
const both = async (first: Mutex, second: Mutex) => {
  await first.lock();
  await sleep(1);
  await second.lock();
};
go(() => both(a, b), { name: "one" });
go(() => both(b, a), { name: "other" });
// A task that gives up in the end is in no deadlock, though it waits for one.
go(() => a.lock({ signal: AbortSignal.timeout(60_000) }).catch(() => {}), { name: "patient" });
setInterval(() => {}, 1000);
