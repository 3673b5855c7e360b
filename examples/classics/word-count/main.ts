// The words of a text, counted by a pool of workers (map and reduce): each worker maps one page after the other to its
// counts, one task reduces what they send to a single count.
// You should see: the three most frequent words, "the 19, a 11, of 10".
import { sleep } from "@lockscope/sync";
import { Channel, type ReceiveChannel, type SendChannel } from "@lockscope/sync/channel";
import { ErrGroup } from "@lockscope/sync/group";
import { pages } from "./text.js";

type Counts = ReadonlyMap<string, number>;

/** Reads a page, which takes its time, and counts its words. */
async function countPage(page: string): Promise<Counts> {
  await sleep(page.length % 7);
  const counts = new Map<string, number>();
  for (const [word] of page.toLowerCase().matchAll(/\p{L}+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Maps pages until there are no more. */
async function work(todo: ReceiveChannel<string>, counted: SendChannel<Counts>): Promise<void> {
  for await (const page of todo) await counted.send(await countPage(page));
}

async function reduce(counted: ReceiveChannel<Counts>): Promise<Counts> {
  const total = new Map<string, number>();
  for await (const counts of counted) {
    for (const [word, count] of counts) total.set(word, (total.get(word) ?? 0) + count);
  }
  return total;
}

const todo = new Channel<string>(0, { name: "to do" });
const counted = new Channel<Counts>(0, { name: "counted" });

const workers = new ErrGroup();
for (let worker = 0; worker < 3; worker++) workers.go(() => work(todo, counted));

const stages = new ErrGroup();
stages.go(async () => {
  for (const page of pages) await todo.send(page);
  todo.close();
});
// Only when all workers have ended can nothing more be sent.
stages.go(async () => {
  await workers.wait();
  counted.close();
});
const total = await reduce(counted);
await stages.wait();

const frequent = [...total].sort(([, a], [, b]) => b - a).slice(0, 3);
console.log(frequent.map(([word, count]) => `${word} ${count}`).join(", "));
