// The words of a text, counted by a pool of tasks, map and reduce: pages are shared out among three workers, each of
// which maps one after the other to its counts; what they make is brought together again and reduced to one count.
// You should see: "the 19, a 11, of 10".
import { sleep } from "@lockscope/sync";
import { background } from "@lockscope/sync/context";
import { fanIn, fanOut, map, reduce, stream } from "@lockscope/sync/patterns";
import { addCounts, type Counts, countWords, mostFrequent } from "./count.js";
import { pages } from "./text.js";

/** A page comes from far away, which takes its time: that is what the workers do side by side. */
async function readAndCount(page: string): Promise<Counts> {
  await sleep(page.length % 7);
  return countWords(page);
}

const ctx = background();
const shares = fanOut(ctx, stream(ctx, pages), 3);
const counted = fanIn(ctx, ...shares.map((share) => map(ctx, share, readAndCount)));
const total: Counts = await reduce(ctx, counted, addCounts, new Map<string, number>());
console.log(mostFrequent(total, 3));
