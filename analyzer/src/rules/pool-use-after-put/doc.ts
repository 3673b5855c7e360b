import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.Pool", url: "https://pkg.go.dev/sync#Pool" },
];

export const doc: RuleDoc = {
  what: `Reports the use of an object after it was put back into its Pool, and an object that is put back twice.`,
  why: `Whoever asks the pool next gets the same object: two owners write to it. Put twice, it is given to two of them.`,
  knownProblems: `Follows variables and fields of \`this\` by their names; another name for the object, or for a part of it, is not seen. Where the put and the use both hang on conditions the rule is silent.`,
  wrong: `
import { Pool } from "@lockscope/sync";

const buffers = new Pool<{ bytes: number[] }>({ new: () => ({ bytes: [] }) });

export function encode(values: readonly number[]): number[] {
  const buffer = buffers.get() ?? { bytes: [] };
  buffer.bytes.push(...values);
  buffers.put(buffer);
  return buffer.bytes; // somebody else has it by now
}
`,
  right: `
import { Pool } from "@lockscope/sync";

const buffers = new Pool<{ bytes: number[] }>({ new: () => ({ bytes: [] }) });

export function encode(values: readonly number[]): number[] {
  const buffer = buffers.get() ?? { bytes: [] };
  buffer.bytes.push(...values);
  const encoded = [...buffer.bytes];
  buffers.put(buffer);
  return encoded;
}
`,
};
