// What is in @lockscope/sync/group and its neighbours: what their operations look like in a trace.
import { go } from "@lockscope/sync";
import { background, withCancel } from "@lockscope/sync/context";
import { CyclicBarrier, ErrGroup, Semaphore, SingleFlight } from "@lockscope/sync/group";
import { SchedGroup } from "@lockscope/sync/orchestrate";
import { map, reduce, stream } from "@lockscope/sync/patterns";

const sem = new Semaphore(3, { name: "sem" });
await sem.acquire(2);
sem.tryAcquire(2);
const wants = go(() => sem.withPermit(() => {}, 3), { name: "wants" });
await go(() => {}, { name: "first" }).join();
sem.release(2);
await wants.join();

const barrier = new CyclicBarrier(2, undefined, { name: "barrier" });
const early = go(() => barrier.wait(), { name: "early" });
await go(() => barrier.wait(), { name: "late" }).join();
await early.join();

const flight = new SingleFlight<number>({ name: "flight" });
const flies = go(() => flight.do("key", async () => 1), { name: "flies" });
await go(() => flight.do("key", () => 2), { name: "shares" }).join();
await flies.join();

const group = new ErrGroup({ name: "group" });
group.go(function download() {});
await group.wait();

const [ctx, cancel] = withCancel(background());
const watches = go(() => ctx.done.receive(), { name: "watches" });
await go(() => {}, { name: "second" }).join();
cancel();
await watches.join();

const sched = new SchedGroup(background(), { name: "sched" });
sched.delay(0, function late() {});
await sched.wait();

const doubled = map(background(), stream(background(), [1]), async (n) => n * 2);
await reduce(background(), doubled, (sum, n) => sum + n, 0);
