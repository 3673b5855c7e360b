import { DT_MS } from "../row.js";

/** From 64 ns to 19 hours and more. */
const BUCKETS = 40;

/** How long things took, in milliseconds: their sum, and how they are spread, by powers of two from 64 ns on. */
export class Histogram {
  count = 0;
  total = 0;
  /** 0 as long as there is nothing, as {@link max}. */
  min = 0;
  max = 0;
  #buckets: Uint32Array | undefined;
  /** The bucket of all so far, while there are no others: of a lock that is used once no array has to be made. */
  #only = 0;

  /** How many took from {@link bucketStart}(i) to bucketStart(i + 1); what took less than 64 ns is in the first. */
  get buckets(): Uint32Array {
    if (this.#buckets === undefined) {
      this.#buckets = new Uint32Array(BUCKETS);
      this.#buckets[this.#only] = this.count;
    }
    return this.#buckets;
  }

  add(ms: number): void {
    const bucket = bucketOf(ms);
    if (this.#buckets === undefined && (this.count === 0 || bucket === this.#only)) this.#only = bucket;
    else this.buckets[bucket]!++;
    if (this.count++ === 0 || ms < this.min) this.min = ms;
    if (ms > this.max) this.max = ms;
    this.total += ms;
  }

  /**
   * The time within which the part `q` (0 to 1) of all took place: exact at both ends, in between as if they were
   * spread evenly over their bucket. O(buckets).
   */
  quantile(q: number): number {
    if (this.count === 0) return 0;
    let left = Math.min(1, Math.max(0, q)) * this.count;
    for (const [bucket, count] of this.buckets.entries()) {
      if (count > 0 && left <= count) {
        const start = bucket === 0 ? 0 : bucketStart(bucket);
        const value = start + (left / count) * (bucketStart(bucket + 1) - start);
        return Math.min(this.max, Math.max(this.min, value));
      }
      left -= count;
    }
    return this.max;
  }
}

/** Where a bucket begins, in milliseconds. */
export const bucketStart = (bucket: number): number => DT_MS * 2 ** bucket;

function bucketOf(ms: number): number {
  const units = ms / DT_MS;
  if (units < 0x8000_0000) return units < 1 ? 0 : 31 - Math.clz32(units);
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(units)));
}
