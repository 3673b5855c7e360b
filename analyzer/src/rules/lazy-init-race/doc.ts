import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.Once", url: "https://pkg.go.dev/sync#Once" },
  {
    name: "CWE-609: Double-checked locking",
    url: "https://cwe.mitre.org/data/definitions/609.html",
  },
];

export const doc: RuleDoc = {
  what: `Reports \`if (!x) x = await make()\` on shared state, in its many forms: \`x ??= await make()\`, an early return when x is there, \`cache.has(key)\` … \`cache.set(key, await load(key))\`, a token that has expired, an \`initialized\` flag that is set only after the await.`,
  why: `Every task that looks while the first one waits finds nothing there, and makes it too: two connections of which one leaks, two refreshes of a token of which one is void, a stampede on whatever is behind the cache.`,
  knownProblems: `Two tasks that make the same thing may do no harm but for the work. Silent where the promise is shared, where a flag is looked at and set before the await, where the state is looked at again after it, under locks and in queues, for modules (\`await import()\` gives the same one again), and for flags that say that something is over (\`closed\`).`,
  wrong: `
declare function connect(): Promise<{ query(sql: string): Promise<unknown> }>;

let client: Awaited<ReturnType<typeof connect>> | undefined;

export async function query(sql: string): Promise<unknown> {
  if (!client) client = await connect();
  return client.query(sql);
}
`,
  right: `
declare function connect(): Promise<{ query(sql: string): Promise<unknown> }>;

let client: ReturnType<typeof connect> | undefined;

export async function query(sql: string): Promise<unknown> {
  client ??= connect();
  return (await client).query(sql);
}
`,
};
