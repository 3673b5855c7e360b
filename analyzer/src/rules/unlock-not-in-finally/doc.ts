import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Clippy: await_holding_lock",
    url: "https://rust-lang.github.io/rust-clippy/master/index.html#await_holding_lock",
  },
  {
    name: "Java: the try/finally idiom of java.util.concurrent.locks.Lock",
    url: "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/concurrent/locks/Lock.html",
  },
];

export const doc: RuleDoc = {
  what: `Reports a lock that every normal path releases, while something in between may throw - an \`await\`, or a call that is not known to be harmless - and neither a \`finally\` nor \`using\` releases it then.`,
  why: `The first rejected request leaves the lock held, and every later caller waits for ever. It passes all tests in which nothing fails.`,
  knownProblems: `Calls that cannot throw on sane arguments count as harmless: \`console\`, \`Math\`, the methods of \`Map\`, \`Set\` and arrays, and the library's own operations without a \`signal\`. A function of your own counts as harmless when its body is in view and contains nothing that may throw; an \`await\` of it always counts as a risk. Silent in the tests of a test runner (\`it\`, \`test\`, \`beforeEach\` …): what throws there ends the test, and is seen.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
declare function fetchToken(): Promise<string>;
declare function store(token: string): void;

export async function refresh(): Promise<void> {
  await mu.lock();
  store(await fetchToken()); // rejects: locked for ever
  mu.unlock();
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
declare function fetchToken(): Promise<string>;
declare function store(token: string): void;

export async function refresh(): Promise<void> {
  await mu.lock();
  try {
    store(await fetchToken());
  } finally {
    mu.unlock();
  }
}
`,
};
