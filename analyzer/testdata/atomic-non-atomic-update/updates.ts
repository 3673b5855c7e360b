import { Mutex } from "@lockscope/sync";
import { Bool, Int32, Int64, Uint32, Value } from "@lockscope/sync/atomic";

declare function next(value: number): Promise<number>;

const hits = new Int32(0);
const other = new Int32(0);
const mask = new Uint32(0);
const total = new Int64(0n);
const flag = new Bool(false);
const config = new Value<readonly string[]>([]);
const mu = new Mutex({ name: "mu" });

export class Stats {
  readonly count = new Int32();
  readonly peak = new Int32();

  wrong(by: number): void {
    this.count.store(this.count.load() + 1); // want: atomic-non-atomic-update
    this.count.store(by + this.count.load()); // want: atomic-non-atomic-update
    this.count.store(this.count.load() - by * 2); // want: atomic-non-atomic-update
    this.peak.store(Math.max(this.peak.load(), by)); // want: atomic-non-atomic-update
  }

  async wrongWithAnAwait(): Promise<void> {
    const before = this.count.load();
    const after = await next(before);
    if (after > 0) this.count.store(before + after); // want: atomic-non-atomic-update
    this.count.store(await next(this.count.load())); // want: atomic-non-atomic-update
  }

  wrongByAliases(): void {
    const { count } = this;
    const n = count.load() + 1;
    this.count.store(n); // want: atomic-non-atomic-update
    count.store(count.add(1)); // want: atomic-non-atomic-update
    const old = count.swap(count.load() + 1); // want: atomic-non-atomic-update
    if (old > 0) this.peak.store(old);
  }

  /** Until nobody came in between. */
  right(by: number): void {
    this.count.add(by);
    for (;;) {
      const peak = this.peak.load();
      if (peak >= by || this.peak.compareAndSwap(peak, by)) break;
    }
  }

  rightFromAnother(): void {
    this.peak.store(this.count.load() + 1);
    this.count.store(0);
    const seen = this.count.load();
    if (seen > 10) this.count.store(10);
  }

  /** Put back as it was. */
  async without(work: () => Promise<void>): Promise<void> {
    const saved = this.count.load();
    this.count.store(0);
    try {
      await work();
    } finally {
      this.count.store(saved);
    }
  }
}

export function wrong(): void {
  hits.store(hits.load() + 1); // want: atomic-non-atomic-update
  total.store(total.load() + 1n); // want: atomic-non-atomic-update
  mask.store(mask.load() | 4); // want: atomic-non-atomic-update
  mask.store(~8 & mask.load()); // want: atomic-non-atomic-update
  flag.store(!flag.load()); // want: atomic-non-atomic-update
  config.store([...(config.load() ?? []), "x"]); // want: atomic-non-atomic-update
}

export async function right(): Promise<void> {
  hits.store(other.load() + 1);
  other.store(hits.add(1));
  const bits = mask.or(4);
  flag.store(bits > 0);
  await mu.withLock(() => {
    config.store([...(config.load() ?? []), "x"]);
  });
  using _ = await mu.acquire();
  const before = total.load();
  total.store(before * 2n);
}
