import { LiveState, snapshotBatches, TraceFollower } from "@lockscope/trace";
import type { Outlet, OutletOptions } from "./outlet.js";
import { readBatch } from "./read-batch.js";
import { numbered, openSink } from "./sink.js";

/**
 * The newest batches, kept in memory until somebody wants them. What is too old is applied to a state that trails
 * behind, so that what is left begins with who held and who waited then.
 */
export class RecentOutlet implements Outlet {
  readonly #options: OutletOptions;
  readonly #limit: number;
  readonly #trailing = new TraceFollower(new LiveState({ history: false, past: false }));
  #batches: Uint8Array<ArrayBuffer>[] = [];
  #first = 0;
  #bytes = 0;
  #dumps = 0;
  /** Dumps that have not left the process yet. */
  #under = 0;
  #ended: (() => void) | undefined;
  onReady = () => {};

  constructor(options: OutletOptions, limit: number) {
    this.#options = options;
    this.#limit = limit;
  }

  write(batch: Uint8Array<ArrayBuffer>): boolean {
    this.#batches.push(batch);
    this.#bytes += batch.length;
    while (this.#bytes > this.#limit) {
      const oldest = this.#batches[this.#first]!;
      this.#first++;
      this.#bytes -= oldest.length;
      this.#trailing.append(readBatch(oldest));
    }
    if (this.#first > 64 && 2 * this.#first > this.#batches.length) {
      this.#batches.splice(0, this.#first);
      this.#first = 0;
    }
    return true;
  }

  /** Each dump is a trace of its own: a file with a number from the second one on, or a connection. */
  dump(): void {
    const { endpoint, prelude, fail } = this.#options;
    this.#dumps++;
    const own =
      endpoint.kind === "file" && this.#dumps > 1
        ? { ...endpoint, path: numbered(endpoint.path, this.#dumps) }
        : endpoint;
    this.#under++;
    const over = () => {
      this.#under--;
      if (this.#under === 0) this.#ended?.();
    };
    const sink = openSink(own, (reason) => {
      fail(reason);
      over();
    });
    sink.write(prelude);
    for (const batch of snapshotBatches(this.#trailing)) sink.write(batch);
    for (const batch of this.#batches.slice(this.#first)) sink.write(batch);
    sink.end(over);
  }

  end(sent: () => void): void {
    if (this.#under === 0) sent();
    else this.#ended = sent;
  }
}
