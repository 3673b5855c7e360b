import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "go vet: atomic", url: "https://pkg.go.dev/golang.org/x/tools/go/analysis/passes/atomic" },
  {
    name: "Error Prone: NonAtomicVolatileUpdate",
    url: "https://errorprone.info/bugpattern/NonAtomicVolatileUpdate",
  },
];

export const doc: RuleDoc = {
  what: `Reports a store into an atomic of a value that was computed from what it held: \`x.store(x.load() + 1)\`, \`Atomics.store(a, 0, Atomics.load(a, 0) + 1)\`, also with a variable in between, and the result of an atomic operation assigned to the place that it has changed (\`a[0] = Atomics.add(a, 0, 1)\`).`,
  why: `Each of the two steps is atomic, the update is not: what another thread, or a task across an await, stores in between is overwritten.`,
  knownProblems: `Silent under a lock, and where the value goes back as it was read. Whether somebody else writes the atomic at all is not asked.`,
  wrong: `
import { Int32 } from "@lockscope/sync/atomic";

const hits = new Int32(0);

export function hit(): void {
  hits.store(hits.load() + 1);
}
`,
  right: `
import { Int32 } from "@lockscope/sync/atomic";

const hits = new Int32(0);

export function hit(): void {
  hits.add(1);
}
`,
};
