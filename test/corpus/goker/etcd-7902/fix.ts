// etcd-7902, mended: a member knows from its start which channel belongs to its round, and waits for it without the
// lock.
import { go, gosched, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

const mu = new Mutex({ name: "election" });
let nextRound = new Channel<never>(0, { name: "rcNextc" });
let leader: string | undefined;

async function campaign(name: string, round: Channel<never>): Promise<void> {
  await mu.withLock(() => {
    leader ??= name;
  });
  await gosched();
  const leads = await mu.withLock(() => {
    if (leader !== name) return false;
    nextRound = new Channel(0, { name: "rcNextc" });
    round.close();
    return true;
  });
  if (!leads) await round.receive();
}

export default async function scenario(): Promise<void> {
  const round = nextRound;
  const members = ["leader", "follower 1", "follower 2"].map((name) => go(() => campaign(name, round), { name }));
  for (const member of members) await member.join();
}
