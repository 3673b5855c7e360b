// A program that does nothing wrong, traced from the middle on. Two tasks have a lock each by then, and give it back
// later; who comes after that takes both in whatever order, and waits for what is given back.
import { once, EventEmitter } from "node:events";
import { go, Mutex } from "@lockscope/sync";

const attach = Symbol.for("@lockscope/attach");
const a = new Mutex({ name: "a" });
const b = new Mutex({ name: "b" });
const bell = new EventEmitter();

const keeps = (mu: Mutex) =>
  go(async () => {
    await mu.lock();
    await once(bell, "give back");
    mu.unlock();
  });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const old = [keeps(a), keeps(b)];
/** Of before, and asks for the lock when the trace has begun. */
const late = go(async () => {
  await once(bell, "ask");
  await b.withLock(turn);
});
await turn();

(globalThis as { [attach]?: object })[attach] = { endpoint: process.env.LOCKSCOPE_ENDPOINT, stacks: "all" };
await import(`${process.env.REGISTER}?attach=1`);
// Both are seen in the hands of somebody of before, a first.
if (a.tryLock() || b.tryLock()) throw new Error("nobody has them");
const both = go(
  async () => {
    await b.lock();
    await a.lock();
    a.unlock();
    b.unlock();
  },
  { name: "takes b, then a" },
);
await turn();
bell.emit("ask");
await turn();
bell.emit("give back");
await Promise.all([...old, late, both].map((task) => task.join()));
