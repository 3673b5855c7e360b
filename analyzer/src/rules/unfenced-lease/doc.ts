import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "M. Kleppmann: How to do distributed locking",
    url: "https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html",
  },
  { name: "etcd: concurrency", url: "https://pkg.go.dev/go.etcd.io/etcd/client/v3/concurrency" },
];

export const doc: RuleDoc = {
  what: `Reports a write to something outside the process, under a distributed lock, that heeds neither \`session.lost\` nor the lock's \`fencingToken\`.`,
  why: `A lease ends by itself: after a long pause or a lost connection somebody else holds the lock, and both write. Either the work stops when the lease is lost, or the storage refuses a token that is too old.`,
  knownProblems: `Which calls write is told by their names (\`save\`, \`update\`, \`insert\`, \`write\` …). Silent where the function, or the code that it passes the session, the lock or a signal to, mentions \`lost\` or \`fencingToken\`.`,
  wrong: `
import { Mutex, type Session } from "@lockscope/sync/distributed";

interface Accounts {
  update(id: string, amount: number): Promise<void>;
}

export async function book(session: Session, accounts: Accounts, id: string, amount: number): Promise<void> {
  const mu = new Mutex(session, "/accounts/" + id);
  await mu.lock();
  try {
    await accounts.update(id, amount); // the lease may be over
  } finally {
    await mu.unlock();
  }
}
`,
  right: `
import { Mutex, type Session } from "@lockscope/sync/distributed";

interface Accounts {
  update(id: string, amount: number, fence: bigint): Promise<void>;
}

export async function book(session: Session, accounts: Accounts, id: string, amount: number): Promise<void> {
  const mu = new Mutex(session, "/accounts/" + id);
  await mu.lock();
  try {
    await accounts.update(id, amount, mu.fencingToken);
  } finally {
    await mu.unlock();
  }
}
`,
};
