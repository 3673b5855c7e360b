// What is in @lockscope/sync/shared: what its operations look like in a trace, here all of one thread.
import { go } from "@lockscope/sync";
import {
  SharedBarrier,
  SharedChannel,
  SharedMutex,
  SharedQueue,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@lockscope/sync/shared";

const mu = new SharedMutex({ name: "mu" });
mu.lockSync();
mu.tryLock();
mu.lockSync(1);
const waits = go(() => mu.withLock(() => {}), { name: "waits" });
await go(() => {}, { name: "first" }).join();
mu.unlock();
await waits.join();

const rw = new SharedRWMutex({ name: "rw" });
rw.rLockSync();
rw.tryLock();
rw.lockSync(1);
rw.rUnlock();
await rw.lock();
rw.unlock();

const sem = new SharedSemaphore(2, { name: "sem" });
await sem.acquire(2);
sem.acquireSync(1, 1);
sem.release(2);

const wg = new SharedWaitGroup({ name: "wg" });
wg.add(1);
wg.waitSync(1);
const waiting = go(() => wg.wait(), { name: "awaits" });
await go(() => {}, { name: "second" }).join();
wg.done();
await waiting.join();

const barrier = new SharedBarrier(2, { name: "barrier" });
barrier.waitSync(1);
const early = go(() => barrier.wait(), { name: "early" });
await go(() => {}, { name: "third" }).join();
barrier.waitSync();
await early.join();

const ch = new SharedChannel<number>({ bytes: 64, name: "ch" });
ch.receiveSync(1);
ch.sendSync(1);
await ch.receive();
const receives = go(() => ch.receive(), { name: "receives" });
await go(() => {}, { name: "fourth" }).join();
ch.close();
await receives.join();

const queue = new SharedQueue({ capacity: 2, name: "queue" });
queue.tryPush(1);
queue.tryPop();
