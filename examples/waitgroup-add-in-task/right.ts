// Ten workers sum a list in slices. `wg.go` counts a task before it starts it and gives the count back when it
// ends, however it ends.
// You should see: "sum 5050, expected 5050".
import { sleep, WaitGroup } from "@lockscope/sync";

const numbers = Array.from({ length: 100 }, (_, i) => i + 1);
const wg = new WaitGroup({ name: "workers" });
let sum = 0;

for (let worker = 0; worker < 10; worker++) {
  wg.go(async () => {
    const slice = numbers.slice(worker * 10, worker * 10 + 10);
    await sleep(worker);
    sum += slice.reduce((a, b) => a + b, 0);
  });
}
await wg.wait();
console.log(`sum ${sum}, expected 5050`);
