/** The changed lines, `-` before and `+` after, without what surrounds them. */
export function changedLines(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const cut = (lines: string[], sign: string) =>
    lines.slice(head, lines.length - tail).map((line) => `${sign} ${line}`);
  return [...cut(old, "-"), ...cut(now, "+")].join("\n");
}
