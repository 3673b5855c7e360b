import type { Random } from "../support/random.js";

/** What becomes of a text that has come to harm; `other`: where lines may come in from. */
type Harm = (text: string, random: Random, other: string) => string;

const strewn = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "<",
  ">",
  '"',
  "'",
  "`",
  "${",
  "/*",
  "*/",
  "//",
  "=>",
  ";",
  "@",
];

export const harms: Readonly<Record<string, Harm>> = {
  "cut off": (text, { below }) => text.slice(0, below(text.length)),
  "without its beginning": (text, { below }) => text.slice(below(text.length)),
  "with lines removed": (text, random) =>
    inLines(text, (lines) =>
      times(lines, () => lines.splice(random.below(lines.length), 1 + random.below(8))),
    ),
  "with lines doubled": (text, random) =>
    inLines(text, (lines) =>
      times(lines, () => {
        const at = random.below(lines.length);
        lines.splice(random.below(lines.length), 0, ...lines.slice(at, at + 1 + random.below(8)));
      }),
    ),
  "with lines of another": (text, random, other) => {
    const foreign = other.split("\n");
    return inLines(text, (lines) =>
      times(lines, () => {
        const from = random.below(foreign.length);
        const count = 1 + random.below(12);
        lines.splice(random.below(lines.length), count, ...foreign.slice(from, from + count));
      }),
    );
  },
  "with brackets and quotes strewn in": (text, random) => {
    const places = Array.from({ length: 1 + random.below(30) }, () => random.below(text.length));
    return places
      .sort((a, b) => b - a)
      .reduce((harmed, at) => harmed.slice(0, at) + random.pick(strewn) + harmed.slice(at), text);
  },
};

function inLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split("\n");
  change(lines);
  return lines.join("\n");
}

/** The longer the text, the more often. */
function times(lines: readonly string[], work: () => void): void {
  for (let left = 3 + Math.floor(lines.length / 100); left > 0; left -= 1) work();
}
