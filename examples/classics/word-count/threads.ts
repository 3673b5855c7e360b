// The same among threads: counting is work for the processor, so each worker is a thread of its own. They take pages
// from one channel and send their counts into another one.
// You should see: "the 19, a 11, of 10".
import { SharedChannel } from "@lockscope/sync/shared";
import { startThread } from "../thread.js";
import { addCounts, type Counts, mostFrequent } from "./count.js";
import { pages } from "./text.js";

const todo = new SharedChannel<string>({ name: "to do", bytes: 4096 });
const counted = new SharedChannel<Counts>({ name: "counted", bytes: 4096 });
for (let worker = 0; worker < 3; worker++) {
  startThread(new URL("./threads.worker.ts", import.meta.url), {
    todo: todo.handle,
    counted: counted.handle,
  });
}

for (const page of pages) await todo.send(page);
todo.close(); // the workers end when they have had the last page

let total: Counts = new Map();
for (let left = pages.length; left > 0; left--) {
  const counts = await counted.receive();
  if (counts !== undefined) total = addCounts(total, counts);
}
console.log(mostFrequent(total, 3));
