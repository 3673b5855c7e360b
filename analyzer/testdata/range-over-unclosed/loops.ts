// Loops that only a close would end, and no close comes, or none on some way.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function workerNeverEnds(): Promise<void> {
  const jobs = new Channel<number>();
  go(async () => {
    for await (const j of jobs) console.log(j); // want: range-over-unclosed
  });
  for (let i = 0; i < 5; i++) await jobs.send(i);
}

// range producer returns early
export async function early(load: () => Promise<string[] | undefined>): Promise<void> {
  const out = new Channel<string>();
  go(async () => {
    const items = await load();
    if (items === undefined) return;
    for (const i of items) await out.send(i);
    out.close();
  });
  for await (const v of out) console.log(v); // want: range-over-unclosed
}
