/** A list that several threads work off, each taking what nobody took. */
export interface Share {
  next(): string | undefined;
}

/**
 * Neighbours in the list are neighbours in the program: whoever judged one knows much of the next. Towards the end
 * less is taken at a time, that all may end together.
 */
const runs = { longest: 64, shortest: 16, parts: 8 };

/** `taken`: how much of it is, for all who share it. */
export function createShare(files: readonly string[], taken: SharedArrayBuffer): Share {
  const cursor = new Int32Array(taken);
  let at = 0;
  let end = 0;

  function take(): void {
    for (;;) {
      const from = Atomics.load(cursor, 0);
      const part = Math.ceil((files.length - from) / runs.parts);
      const to = Math.min(files.length, from + Math.max(runs.shortest, Math.min(runs.longest, part)));
      if (Atomics.compareExchange(cursor, 0, from, to) !== from) continue;
      at = from;
      end = to;
      return;
    }
  }

  return {
    next() {
      if (at === end) take();
      return at < end ? files[at++] : undefined;
    },
  };
}
