import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go vet: copylocks", url: "https://pkg.go.dev/golang.org/x/tools/go/analysis/passes/copylock" },
];

export const doc: RuleDoc = {
  what: `Reports an object that owns a lock and is duplicated: by spread, \`Object.assign\`, \`structuredClone\`, a JSON round trip, \`postMessage\`, lodash's \`cloneDeep\`, or a clone function written by hand.`,
  why: `A lock protects its owner's state because everybody goes through the one lock. A copy either shares the lock while its state is another's, or carries something that is no lock at all.`,
  knownProblems: `An array of owners, or a field that refers to an instance with a lock of its own, is not a copy of that lock. A spread of something named like a bag of options (\`options\`, \`props\`, \`deps\`) is taken to pass the lock on by reference, and a property given anew in the same literal is not copied. A function counts as a hand-written clone when its name says so and what gets the lock is like the original: of its class, or with none but its properties.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const account = { mu: new Mutex(), balance: 100 };

export const snapshot = { ...account };
`,
  right: `
import { Mutex } from "@lockscope/sync";

const account = { mu: new Mutex(), balance: 100 };

export const shared = account;
export const other = { ...account, mu: new Mutex() };
`,
};
