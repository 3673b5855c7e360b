import { createRandom } from "../support/random.js";

/** Edits as people make them, one after the other, the same for the same seed. */
export interface Edits {
  /** What becomes of a text. `original`: what undoing leads back to. */
  next(text: string, original: string): string;
  pick<T>(list: readonly T[]): T;
}

const statements = [
  (n: number) => `const added${n} = ${n};`,
  () => "await Promise.resolve();",
  () => "// a remark",
  () => "",
  () => "return;",
  () => 'if (Math.random() > 0.5) throw new Error("now and then");',
  () => "console.log(1);",
];

export function randomEdits(seed: number): Edits {
  const { below, chance, pick } = createRandom(seed);
  let count = 0;
  const kinds: readonly ((lines: string[], at: number) => void)[] = [
    (lines, at) => lines.splice(at, 0, pick(statements)(++count)),
    (lines, at) => lines.splice(at, 1),
    (lines, at) => lines.splice(at, 0, lines[at] ?? ""),
    (lines, at) => lines.splice(below(lines.length), 0, ...lines.splice(at, 1)),
    (lines, at) => {
      lines[at] = (lines[at] ?? "").replace(/\b(?:mu|lock|wg|ch|this)\b/, pick(["mu", "other", "renamed"]));
    },
  ];
  return {
    pick,
    next(text, original) {
      if (chance(0.15)) return original;
      const lines = text.split("\n");
      pick(kinds)(lines, below(lines.length));
      return lines.join("\n");
    },
  };
}
