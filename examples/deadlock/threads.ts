// Two threads, two locks that both share, opposite order. Each thread blocks for its second lock, so neither is ever
// heard of again: nothing in them runs any more, and the main thread waits for their end.
// You should see: "alice pays bob", "bob pays alice", and no "paid". Plain Node hangs; end it with ^C.
// Run it with `npx lockscope run deadlock/threads.ts`, and Lockscope, which has a thread of its own, says who waits for
// whom. Run it with `ordered` at the end, and each locks the lower number first: both pay.
import { once } from "node:events";
import { isMainThread, workerData } from "node:worker_threads";
import { type SharedHandle, SharedMutex, SharedWaitGroup } from "@lockscope/sync/shared";
import { startThread } from "../classics/thread.js";

interface Payment {
  readonly title: string;
  readonly from: SharedHandle;
  readonly to: SharedHandle;
  readonly begun: SharedHandle;
}

function pay({ title, from, to, begun }: Payment): void {
  const [first, second, both] = [SharedMutex.from(from), SharedMutex.from(to), SharedWaitGroup.from(begun)];
  console.log(title);
  first.lockSync();
  both.done();
  both.waitSync(2000); // check the balance with the back office, which takes until the other one is there too
  second.lockSync();
  second.unlock();
  first.unlock();
  console.log(`${title}: paid`);
}

if (isMainThread) {
  const alice = new SharedMutex({ name: "alice" }).handle;
  const bob = new SharedMutex({ name: "bob" }).handle;
  const both = new SharedWaitGroup({ name: "both" });
  both.add(2);
  const begun = both.handle;
  const ordered = process.argv[2] === "ordered";
  const payments: Payment[] = [
    { title: "alice pays bob", from: alice, to: bob, begun },
    { title: "bob pays alice", from: ordered ? alice : bob, to: ordered ? bob : alice, begun },
  ];
  const file = new URL(import.meta.url);
  await Promise.all(payments.map((payment) => once(startThread(file, payment), "exit")));
} else {
  pay(workerData as Payment);
}
