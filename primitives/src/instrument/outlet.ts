import { renameSync, rmSync } from "node:fs";
import { snapshotBatches, type TraceFollower } from "@lockscope/trace";
import type { Endpoint, Keep } from "./config.js";
import { RecentOutlet } from "./recent-outlet.js";
import { numbered, openSink, type Sink } from "./sink.js";

/** Where batches go from the flusher. */
export interface Outlet {
  /**
   * Takes a batch; whether it takes more now. If not, `onReady` is called once it does.
   * @param follower gives one that has followed the trace up to this batch
   */
  write(batch: Uint8Array<ArrayBuffer>, follower: () => TraceFollower): boolean;
  onReady: () => void;
  /** What is kept back is wanted now. */
  dump(): void;
  /** Calls `sent` when everything written has left this process. */
  end(sent: () => void): void;
}

/** How streams begin, and whom to tell that nothing more can be written. */
export interface OutletOptions {
  readonly endpoint: Endpoint;
  readonly keep: Keep;
  /** A stream's first line. */
  readonly prelude: Uint8Array;
  fail(reason: string): void;
}

export function openOutlet(options: OutletOptions): Outlet {
  const { keep, endpoint } = options;
  if (keep.kind === "newest") return new RecentOutlet(options, keep.bytes);
  if (keep.kind === "files" && endpoint.kind === "file") {
    return new RotatingOutlet(options, endpoint.path, keep.bytes, keep.files);
  }
  return new StreamOutlet(options);
}

/** All of it, as it comes. */
class StreamOutlet implements Outlet {
  readonly #sink: Sink;
  onReady = () => {};

  constructor({ endpoint, prelude, fail }: OutletOptions) {
    this.#sink = openSink(endpoint, fail);
    this.#sink.onReady = () => this.onReady();
    this.#sink.write(prelude);
  }

  write(batch: Uint8Array): boolean {
    return this.#sink.write(batch);
  }

  dump(): void {}

  end(sent: () => void): void {
    this.#sink.end(sent);
  }
}

/** Files of a size, the newest under the plain name; each begins with the state, and can be read alone. */
class RotatingOutlet implements Outlet {
  readonly #options: OutletOptions;
  readonly #path: string;
  readonly #bytes: number;
  readonly #files: number;
  #sink: Sink;
  #written = 0;
  onReady = () => {};

  constructor(options: OutletOptions, path: string, bytes: number, files: number) {
    this.#options = options;
    this.#path = path;
    this.#bytes = bytes;
    this.#files = files;
    this.#sink = this.#open();
  }

  write(batch: Uint8Array, follower: () => TraceFollower): boolean {
    if (this.#written > 0 && this.#written + batch.length > this.#bytes) this.#rotate(follower());
    this.#written += batch.length;
    return this.#sink.write(batch);
  }

  dump(): void {}

  end(sent: () => void): void {
    this.#sink.end(sent);
  }

  #rotate(follower: TraceFollower): void {
    this.#sink.end(() => {});
    try {
      for (let age = this.#files - 1; age > 0; age--) moveAside(this.#path, age, this.#files);
    } catch (error) {
      this.#options.fail((error as Error).message);
    }
    this.#sink = this.#open();
    this.#written = 0;
    for (const batch of snapshotBatches(follower)) this.#sink.write(batch);
  }

  #open(): Sink {
    const sink = openSink(this.#options.endpoint, this.#options.fail);
    sink.write(this.#options.prelude);
    return sink;
  }
}

/** Gives the file that is `age - 1` files old the name of one that is `age` files old. */
function moveAside(path: string, age: number, files: number): void {
  if (age === files - 1) rmSync(numbered(path, age), { force: true });
  try {
    renameSync(age === 1 ? path : numbered(path, age - 1), numbered(path, age));
  } catch (error) {
    // There have not been so many yet.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
