/** How often each word occurs. */
export type Counts = ReadonlyMap<string, number>;

/** Map: a page to its counts. */
export function countWords(page: string): Counts {
  const counts = new Map<string, number>();
  for (const [word] of page.toLowerCase().matchAll(/\p{L}+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Reduce: two counts to one. */
export function addCounts(total: Counts, counts: Counts): Counts {
  const sum = new Map(total);
  for (const [word, count] of counts) sum.set(word, (sum.get(word) ?? 0) + count);
  return sum;
}

/** The words that occur most often. */
export function mostFrequent(counts: Counts, n: number): string {
  const words = [...counts].sort(([, a], [, b]) => b - a).slice(0, n);
  return words.map(([word, count]) => `${word} ${count}`).join(", ");
}
