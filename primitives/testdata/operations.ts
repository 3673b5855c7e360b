// One of each: what each operation looks like in a trace.
import { go, Mutex, RWMutex, sleep, WaitGroup } from "@lockscope/sync";
import { after, Channel, onReceive, onSend, otherwise, select } from "@lockscope/sync/channel";

const mu = new Mutex({ name: "mu" });
await mu.withLock(async () => mu.tryLock());
{
  using guard = await mu.acquire();
  guard.release();
}
const rw = new RWMutex({ name: "rw" });
await rw.rLocker().lock();
rw.rLocker().unlock();
const controller = new AbortController();
await rw.lock();
const gone = rw.rLock({ signal: controller.signal }).catch(() => {});
controller.abort();
await gone;
rw.unlock();
const wg = new WaitGroup({ name: "wg" });
wg.add(1000);
wg.add(-999);
go(() => wg.done(), { name: "done" });
await wg.wait();
const ch = new Channel<number>(1, { name: "ch" });
await ch.send(1);
await ch.receive();
ch.tryReceive();
go(() => ch.send(2), { name: "sender" });
await select(onReceive(ch, () => {}));
await select(
  onSend(ch, 3, () => {}),
  otherwise(() => {}),
);
ch.close();
await ch.receive();
await ch.receiveOk();
await after(1).receive();
await sleep(1);
