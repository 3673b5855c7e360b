import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "ECMAScript: memory model, data races", url: "https://tc39.es/ecma262/#sec-memory-model" },
  { name: "Go: the memory model", url: "https://go.dev/ref/mem" },
];

export const doc: RuleDoc = {
  what: `Reports a plain read or write of an element of a shared typed array (\`cells[0]\`) that other code uses by \`Atomics\` (\`Atomics.add(cells, 0, 1)\`). The same element means the same array, or two over one buffer, and the same index: a number, or a constant.`,
  why: `A plain access is ordered with nothing: it may see an old value for ever, and a plain \`++\` overwrites what another thread has added in between.`,
  knownProblems: `Indexes that are computed are compared only with themselves. Constructors, and the code that makes the array, may set it up before it is shared, and read it behind an await when the others are done. Arrays that are surely not over a SharedArrayBuffer are passed over.`,
  wrong: `
const cells = new Int32Array(new SharedArrayBuffer(8));

export function add(): void {
  Atomics.add(cells, 0, 1);
}

export function total(): number {
  return cells[0];
}
`,
  right: `
const cells = new Int32Array(new SharedArrayBuffer(8));

export function add(): void {
  Atomics.add(cells, 0, 1);
}

export function total(): number {
  return Atomics.load(cells, 0);
}
`,
};
