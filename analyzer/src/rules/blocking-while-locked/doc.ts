import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "GoBench: mixed deadlocks of channels and locks", url: "https://github.com/timmyyuan/gobench" },
  { name: "etcd#7492", url: "https://github.com/etcd-io/etcd/pull/7492" },
  { name: "Infer: starvation", url: "https://fbinfer.com/docs/checker-starvation" },
];

export const doc: RuleDoc = {
  what: `Reports a task that waits, with a lock held, for another task that needs the same lock before it can do what is waited for: a send whose receivers take the lock, a receive whose senders do, a WaitGroup or a task whose code does, a condition that is signalled under it.`,
  why: `The one that waits does not give the lock back, and the other one does not get past it: both wait for ever, and everybody else behind them.`,
  knownProblems: `Speaks only where the other side is to be seen and every way to it leads through the lock; an \`await\` under a lock as such is fine. A lock is known by the field, variable or collection that it lives in. Silent where a \`signal\`, a timeout or \`otherwise\` ends the wait.`,
  wrong: `
import { go, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

const mu = new Mutex();
const jobs = new Channel<string>();
const done: string[] = [];

export function start(): void {
  go(async () => {
    for await (const job of jobs) await mu.withLock(() => done.push(job));
  });
}

export function stop(): void {
  jobs.close();
}

export async function submit(job: string): Promise<void> {
  await mu.lock();
  try {
    if (!done.includes(job)) await jobs.send(job);
  } finally {
    mu.unlock();
  }
}
`,
  right: `
import { go, Mutex } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

const mu = new Mutex();
const jobs = new Channel<string>();
const done: string[] = [];

export function start(): void {
  go(async () => {
    for await (const job of jobs) await mu.withLock(() => done.push(job));
  });
}

export function stop(): void {
  jobs.close();
}

export async function submit(job: string): Promise<void> {
  const isNew = await mu.withLock(() => !done.includes(job));
  if (isNew) await jobs.send(job);
}
`,
};
