// etcd-7902: in each round of the election test, leader and followers go on together when the leader closes the
// round's channel. A follower waits for that under the lock which the leader needs before it can close.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

const mu = new Mutex({ name: "election" });
let nextRound = new Channel<never>(0, { name: "rcNextc" });
let leader: string | undefined;

async function campaign(name: string): Promise<void> {
  await mu.lock();
  leader ??= name;
  mu.unlock();
  await gosched();
  await mu.lock();
  try {
    if (leader === name) {
      const round = nextRound;
      nextRound = new Channel(0, { name: "rcNextc" });
      round.close();
    } else {
      await nextRound.receive(); // want: blocking-while-locked
    }
  } finally {
    mu.unlock();
  }
}

export default async function scenario(): Promise<void> {
  const members = ["leader", "follower 1", "follower 2"].map((name) => go(() => campaign(name), { name }));
  for (const member of members) await member.join();
}
