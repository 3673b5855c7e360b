/**
 * Maxima over any range of an append-only row of small numbers: level k holds the maximum of every complete
 * block of 2^k values, so `push` is amortised O(1) (no rebuild while a trace grows) and `max` is O(log n).
 * One byte a value and level: two bytes a value in all. The operator is exact: a severity that occurs in a
 * range is never smoothed away.
 */
export class SegmentForest {
  readonly #levels: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The values themselves; what lies behind `length` means nothing. */
  get values(): Uint8Array {
    return this.#levels[0] ?? new Uint8Array(0);
  }

  /** @param value 0 to 255 */
  push(value: number): void {
    let index = this.#length++;
    let top = value;
    let level = 0;
    this.#put(level, index, top);
    while ((index & 1) === 1) {
      const left = this.#levels[level]![index - 1]!;
      if (left > top) top = left;
      index >>= 1;
      this.#put(++level, index, top);
    }
  }

  /** The largest value at the indices `from` to `to - 1`; 0 for an empty range. */
  max(from: number, to: number): number {
    let left = Math.max(0, from);
    let right = Math.min(this.#length, to);
    let top = 0;
    for (let level = 0; left < right; level++) {
      const values = this.#levels[level]!;
      if ((left & 1) === 1) {
        const value = values[left++]!;
        if (value > top) top = value;
      }
      if ((right & 1) === 1) {
        const value = values[--right]!;
        if (value > top) top = value;
      }
      left >>= 1;
      right >>= 1;
    }
    return top;
  }

  #put(level: number, index: number, value: number): void {
    let values = this.#levels[level];
    if (values === undefined || index >= values.length) {
      const grown = new Uint8Array(values === undefined ? 16 : values.length * 2);
      if (values !== undefined) grown.set(values);
      values = grown;
      this.#levels[level] = grown;
    }
    values[index] = value;
  }
}
