// Two tasks that each want two of two permits, one after the other.
import { go, sleep } from "@lockscope/sync";
import { Semaphore } from "@lockscope/sync/group";

const seats = new Semaphore(2, { name: "seats" });
async function both() {
  await seats.acquire(); // line 7
  await sleep(5);
  await seats.acquire(); // line 9
  seats.release(2);
}
const first = go(both, { name: "first" });
go(both, { name: "second" });
await first.join();
