// Ten workers sum a list in slices. Each counts itself, but a task begins only after `go` has returned, and by
// then `wait` has found a count of zero.
// You should see: "sum 0, expected 5050".
import { go, sleep, WaitGroup } from "@lockscope/sync";

const numbers = Array.from({ length: 100 }, (_, i) => i + 1);
const wg = new WaitGroup({ name: "workers" });
let sum = 0;

for (let worker = 0; worker < 10; worker++) {
  go(
    async () => {
      wg.add(1); // want: waitgroup-add-in-task
      try {
        const slice = numbers.slice(worker * 10, worker * 10 + 10);
        await sleep(worker);
        sum += slice.reduce((a, b) => a + b, 0);
      } finally {
        wg.done();
      }
    },
    { name: `worker ${worker}` },
  );
}
await wg.wait();
console.log(`sum ${sum}, expected 5050`);
