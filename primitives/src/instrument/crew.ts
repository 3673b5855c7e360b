import type { Commons } from "./commons.js";
import { Source } from "./flusher-source.js";
import { lastWord } from "./flusher-words.js";
import { Heartbeat } from "./heartbeat.js";
import type { SharedRing } from "./ring.js";

/**
 * Rounds after which everything that a thread has said is certain to have its place among the rest: what others
 * have said of that time has come by then.
 */
const REST_ROUNDS = 3;

type Batch = Uint8Array<ArrayBuffer>;

/** Where what the threads have to say goes. */
export interface Hold {
  /** Takes the next batch. */
  ship(batch: Batch): void;
  /** Whether it takes more. */
  isOpen(): boolean;
  /** Whether anything has gone there. */
  isBegun(): boolean;
  /** What a thread that has ended could not say. */
  obituary(thread: number): Int32Array;
}

/** The threads of the program that live, or have left something. Round by round the flusher takes what they have. */
export class Crew {
  readonly #commons: Commons;
  readonly #main: SharedRing;
  readonly #hold: Hold;
  /** By their rings. */
  readonly #sources = new Map<SharedRing, Source>();
  readonly #heartbeat = new Heartbeat();
  /** There are threads of which the reader knows nothing yet. */
  #strangers = false;
  /** The threads have yet to be asked whether there is something of before. */
  #news = false;
  /** When the last round began. What was written before, and is of an earlier time, that round has seen. */
  #before = 0;

  /** @param main the main thread's ring */
  constructor(commons: Commons, main: SharedRing, hold: Hold) {
    this.#commons = commons;
    this.#main = main;
    this.#hold = hold;
    this.#sources.set(main, new Source(main));
  }

  /**
   * Ships what the threads have written by now, and how far they are complete; what the hold does not take stays
   * where it is.
   * @param now when the round began, in milliseconds since the program's time origin
   * @returns how many rows that were
   */
  round(now: number): number {
    this.#meet();
    let rows = 0;
    for (const source of this.#sources.values()) rows += this.#drain(source);
    if (this.#hold.isOpen()) this.#tellComplete(rows, now);
    this.#before = now;
    return rows;
  }

  /** The reader has to know of all threads before it gets rows of any: it would not wait for the others. */
  introductions(): Batch[] {
    if (!this.#strangers) return [];
    this.#strangers = false;
    return [...this.#sources.values()].flatMap((source) => source.introduction() ?? []);
  }

  /** Whether threads have ended whose end has yet to be told. */
  get mourns(): boolean {
    return [...this.#sources.values()].some(({ rest }) => rest > 0);
  }

  /**
   * The last batches of all.
   * @param signal by which the process ends, and of which nobody else has said so; 0: none
   */
  end(now: number, signal: number): void {
    for (const source of this.#sources.values()) {
      const word = signal !== 0 && source.ring === this.#main ? lastWord(signal) : undefined;
      this.#hold.ship(source.rest > 0 ? this.#obituary(source, now) : source.last(now, word));
    }
  }

  /** New threads. */
  #meet(): void {
    for (const ring of this.#commons.rings()) {
      if (this.#sources.has(ring)) continue;
      this.#sources.set(ring, new Source(ring));
      this.#strangers = true;
    }
  }

  /** Ships what its thread has written so far, and returns how many rows that were. */
  #drain(source: Source): number {
    const { ended, head } = source;
    let rows = 0;
    while (this.#hold.isOpen()) {
      const batch = source.next(head);
      if (batch === undefined) {
        if (ended) this.#news = true;
        if (ended) source.rest++;
        break;
      }
      rows += batch.rows;
      this.#hold.ship(batch.bytes);
    }
    return rows;
  }

  /** How far the threads are complete: where they have to be brought into one order, and where nothing happens. */
  #tellComplete(rows: number, now: number): void {
    if (rows > 0) this.#heartbeat.rows(now);
    const several = this.#sources.size > 1 && (rows > 0 || this.#news);
    const quiet = this.#hold.isBegun() && rows === 0 && this.#heartbeat.isDue(now);
    if (!several && !quiet) return;
    for (const source of this.#sources.values()) {
      const batch = source.watermark(this.#before);
      if (batch !== undefined) this.#hold.ship(batch);
    }
    // Once more, after the last rows: they are of a time later than that.
    if (several) this.#news = rows > 0 || this.#departed(now);
  }

  /** Ends what threads have left that ended. Whether there are more of them, whose rows have yet to settle. */
  #departed(now: number): boolean {
    let more = false;
    for (const source of this.#sources.values()) {
      if (source.rest >= REST_ROUNDS) {
        this.#hold.ship(this.#obituary(source, now));
        this.#sources.delete(source.ring);
        source.free();
      } else if (source.rest > 0) {
        more = true;
      }
    }
    return more;
  }

  #obituary(source: Source, now: number): Batch {
    return source.last(now, this.#hold.obituary(source.thread));
  }
}
