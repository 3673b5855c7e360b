// Bytes on the heap after a full collection, for one of many.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { mutexes } from "./peers.mjs";
import { report } from "./table.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const many = 50_000;

/** What one of `many` things takes that `make` gives. */
function bytes(make) {
  const kept = new Array(many).fill(null);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < many; i++) kept[i] = make(i);
  collect();
  const used = process.memoryUsage().heapUsed - before;
  if (kept.includes(null)) throw new Error("what is measured is not kept");
  return used / many;
}

/** One who waits, and his promise; nobody ever unlocks. */
function waiter({ lock, acquire, run }) {
  const want = lock ?? acquire ?? (() => run(() => new Promise(() => {})));
  want();
  return bytes(want);
}

export async function memory({ Mutex, RWMutex, WaitGroup, Channel }) {
  const own = {
    Mutex: () => new Mutex(),
    RWMutex: () => new RWMutex(),
    WaitGroup: () => new WaitGroup(),
    Channel: () => new Channel(),
  };
  const table = (title, ours, peers) => report(title, { ...ours, ...peers }, { ours, peers }, [], "bytes");
  const each = (entries, of) =>
    Object.fromEntries(Object.entries(entries).map(([name, make]) => [name, of(make)]));

  table("memory: a primitive that nobody waits for", each(own, bytes), each(mutexes, bytes));
  const mu = new Mutex();
  const c = new Channel();
  table(
    "memory: a task that waits for a mutex",
    { Mutex: waiter({ lock: () => mu.lock() }), "Channel receive": waiter({ lock: () => c.receive() }) },
    each(mutexes, (make) => waiter(make())),
  );
}
