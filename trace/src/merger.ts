/**
 * Brings the rows of several threads into one order, by time. Each thread's rows come in order; a batch says by
 * its base that nothing of its thread before that time is missing. So rows can be handed on up to the earliest
 * moment about which some thread might still have something to say. O(log threads) for each stretch of rows that
 * one thread writes before another goes on; a thread that is alone is handed on as it comes, at no cost.
 */
import { BatchFlag } from "./batch.js";
import { MinHeap } from "./min-heap.js";
import { ROW_WORDS } from "./row.js";
import { type RecordedBatch, rowTime } from "./row-decoder.js";
import { EventKind } from "./schema.js";

/** Takes the rows `from` to `to - 1` of a batch. */
export type TakeRows = (recorded: RecordedBatch, from: number, to: number) => void;

/** A thread that says nothing while each of the others brings so many batches is not waited for any longer. */
const PATIENCE = 128;

/** Of two rows of one moment, what lets others go on comes before what does so. */
const Rank = { unknown: 0, gives: 1, takes: 2 } as const;

/** What a thread has brought that could not be handed on yet. */
export interface ThreadQueue {
  readonly thread: number;
  readonly batches: RecordedBatch[];
  /** The first row not yet handed on: a batch's position in `batches`, and the row in it. */
  first: number;
  row: number;
  /** Nothing of this thread before this time is missing. */
  complete: number;
  /** It has brought its last batch. */
  ended: boolean;
  /** Time and rank of the row that comes next; of the earliest that still may, if there is none. */
  time: number;
  rank: number;
  /** How many batches had come, of all threads, when it brought its latest. */
  heard: number;
  /** Its place in the heap; -1: nobody waits for it. */
  at: number;
}

export class Merger {
  readonly #take: TakeRows;
  readonly #threads = new Map<number, ThreadQueue>();
  readonly #order = new MinHeap<ThreadQueue>(isEarlier);
  #batches = 0;

  constructor(take: TakeRows) {
    this.#take = take;
  }

  /** The threads that have not ended, with what they have brought that waits for others. */
  get waitingFor(): Iterable<ThreadQueue> {
    return this.#order.values;
  }

  /** What has happened by then has been handed on, of all threads that live; undefined: there are none. */
  get completeTime(): number | undefined {
    return this.#order.least?.time;
  }

  /** Takes a thread's next batch, and hands on what has become certain. */
  add(recorded: RecordedBatch): void {
    const { header, rows } = recorded.batch;
    const queue = this.#queueOf(header.thread);
    const rowCount = rows.length / ROW_WORDS;
    queue.heard = ++this.#batches;
    queue.ended = (header.flags & BatchFlag.last) !== 0;
    queue.complete = rowCount === 0 ? header.base : rowTime(recorded.batch, rowCount - 1);
    if (rowCount > 0) queue.batches.push(recorded);
    if (queue.first === queue.batches.length - 1 || rowCount === 0) advance(queue);
    if (queue.at < 0) this.#order.add(queue);
    else this.#order.update(queue);
    this.#handOn();
  }

  /** No thread will bring any more: hands on what is left. */
  finish(): void {
    for (const queue of this.#threads.values()) queue.ended = true;
    this.#handOn();
  }

  #queueOf(thread: number): ThreadQueue {
    let queue = this.#threads.get(thread);
    if (queue === undefined) {
      const nothing = { batches: [], first: 0, row: 0, complete: 0, ended: false };
      queue = { thread, ...nothing, time: 0, rank: Rank.unknown, heard: 0, at: -1 };
      this.#threads.set(thread, queue);
    }
    return queue;
  }

  #handOn(): void {
    const order = this.#order;
    for (let queue = order.least; queue !== undefined; queue = order.least) {
      if (queue.first < queue.batches.length) {
        this.#takeRun(queue, order.second);
        order.update(queue);
      } else if (queue.ended) {
        order.delete(queue);
        this.#threads.delete(queue.thread);
      } else if (order.size > 1 && this.#batches - queue.heard > PATIENCE * order.size) {
        order.delete(queue);
      } else {
        return;
      }
    }
  }

  /** Hands on the rows of `queue` that come before anything of `next`. */
  #takeRun(queue: ThreadQueue, next: ThreadQueue | undefined): void {
    const recorded = queue.batches[queue.first]!;
    const { rows } = recorded.batch;
    const count = rows.length / ROW_WORDS;
    const from = queue.row;
    let to = count;
    if (next !== undefined) {
      to = from;
      do {
        // What a wide row says belongs to the row after it.
        const wide = isWide(rows, to);
        to += wide && to + 1 < count ? 2 : 1;
        if (to === count) break;
        queue.time = rowTime(recorded.batch, to);
        queue.rank = rankOf(rows, to);
      } while (isEarlier(queue, next));
    }
    queue.row = to;
    if (to === count) {
      queue.row = 0;
      queue.first++;
      advance(queue);
    }
    this.#take(recorded, from, to);
  }
}

/** Finds out what comes next of this thread. */
function advance(queue: ThreadQueue): void {
  const { batches } = queue;
  if (queue.first === batches.length) {
    queue.first = 0;
    batches.length = 0;
    queue.time = queue.complete;
    queue.rank = Rank.unknown;
    return;
  }
  if (queue.first >= 64 && 2 * queue.first > batches.length) {
    batches.splice(0, queue.first);
    queue.first = 0;
  }
  const { batch } = batches[queue.first]!;
  queue.time = rowTime(batch, queue.row);
  queue.rank = rankOf(batch.rows, queue.row);
}

function isEarlier(a: ThreadQueue, b: ThreadQueue): boolean {
  if (a.time !== b.time) return a.time < b.time;
  return a.rank !== b.rank ? a.rank < b.rank : a.thread < b.thread;
}

const isWide = (rows: Int32Array, row: number) => (rows[row * ROW_WORDS + 1]! & 0xff) === EventKind.wide;

function rankOf(rows: Int32Array, row: number): number {
  const at = row * ROW_WORDS + 1;
  const next = isWide(rows, row) && at + ROW_WORDS < rows.length ? at + ROW_WORDS : at;
  return GIVES.has(rows[next]! & 0xff) ? Rank.gives : Rank.takes;
}

const GIVES: ReadonlySet<number> = new Set([
  EventKind.release,
  EventKind.send,
  EventKind.close,
  EventKind.add,
  EventKind.signal,
  EventKind.broadcast,
  EventKind.taskEnd,
]);
