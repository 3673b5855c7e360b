import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchFlag, encodeBatch } from "./batch.js";
import { EventKind, LockKind } from "./schema.js";
import { TraceStore } from "./store.js";
import { StreamReader } from "./stream-reader.js";
import { TraceBuilder } from "./trace-builder.js";

/** A thread that sends what it has written when it is told to. */
class Sender extends TraceBuilder {
  #sent = 0;

  send(store: TraceStore, options: { readonly last?: boolean } = {}): void {
    this.flush(options);
    for (; this.#sent < this.batches.length; this.#sent++) append(store, this.batches[this.#sent]!);
  }
}

function append(store: TraceStore, bytes: Uint8Array): void {
  for (const batch of new StreamReader({ prelude: false }).push(bytes)) store.append(batch);
}

const empty = (thread: number, base: number, flags = 0) =>
  encodeBatch({ thread, base, flags }, new Uint8Array(0), new Int32Array(0));

interface Applied {
  readonly thread: number;
  readonly time: number;
  readonly value: number | undefined;
}

/** What `store` has applied, in that order. */
function applied(store: TraceStore): Applied[] {
  const list: Applied[] = [];
  store.forEachEvent(({ thread, time, value }) => list.push({ thread, time: Math.round(time), value }));
  return list;
}

const times = (store: TraceStore) => applied(store).map(({ time }) => time);

/** Writes a row that changes nothing at each of these times. */
function tick(sender: Sender, ...at: number[]): void {
  for (const time of at) {
    sender.time = time;
    sender.row({ kind: EventKind.tryFail, task: 1 });
  }
}

describe("the rows of several threads", () => {
  const row = fc.record({
    thread: fc.nat(3),
    gap: fc.nat(3),
    kind: fc.constantFrom(EventKind.acquire, EventKind.release, EventKind.tryFail, EventKind.add),
    value: fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined }),
    send: fc.boolean(),
  });

  it("are applied in the order of time, each once, however they are cut into batches", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 120 }), fc.integer({ min: 2, max: 9 }), (rows, rowsPerBatch) => {
        const senders = [0, 1, 2, 3].map((thread) => new Sender({ thread, rowsPerBatch }));
        const store = new TraceStore();
        for (const sender of senders) sender.send(store);
        for (const { thread, gap, kind, value, send } of rows) {
          const sender = senders[thread]!;
          sender.time += gap;
          sender.row({ kind, task: thread, ...(value === undefined ? {} : { value }) });
          if (send) sender.send(store);
        }
        for (const sender of senders) sender.send(store, { last: true });
        const got = applied(store);
        expect(got.map(({ time }) => time)).toEqual(got.map(({ time }) => time).sort((a, b) => a - b));
        for (const thread of senders.keys()) {
          let time = 0;
          const own = rows.filter((one) => one.thread === thread);
          const wanted = own.map(({ gap, value }) => {
            time += gap;
            return { thread, time, value };
          });
          expect(got.filter((one) => one.thread === thread)).toEqual(wanted);
        }
      }),
    );
  });

  it("wait until every thread has told of the time before them", () => {
    const [main, worker] = [new Sender(), new Sender({ thread: 1 })];
    const store = new TraceStore();
    tick(main, 1, 2);
    main.send(store);
    expect(times(store)).toEqual([1, 2]);
    worker.time = 3;
    worker.send(store);
    tick(main, 4, 8);
    main.send(store);
    expect(times(store)).toEqual([1, 2]);
    tick(worker, 5, 6);
    worker.send(store);
    expect(times(store)).toEqual([1, 2, 4, 5, 6]);
    append(store, empty(1, 9));
    expect(times(store)).toEqual([1, 2, 4, 5, 6, 8]);
    tick(main, 20);
    main.send(store);
    expect(times(store)).not.toContain(20);
    append(store, empty(1, 9, BatchFlag.last));
    expect(times(store)).toContain(20);
  });

  it("of one moment: what lets others go on comes first", () => {
    const [main, worker] = [new Sender(), new Sender({ thread: 1 })];
    const mu = worker.lock(LockKind.mutex, "mu");
    const store = new TraceStore();
    worker.send(store);
    main.time = 1;
    worker.time = 1;
    worker.row({ kind: EventKind.acquire, task: 2, lock: mu });
    worker.time = 5;
    worker.row({ kind: EventKind.release, task: 2, lock: mu });
    main.time = 5;
    main.row({ kind: EventKind.acquire, task: 1, lock: mu, value: 1 });
    main.send(store, { last: true });
    worker.send(store, { last: true });
    const lock = store.live.findLock(mu)!;
    expect([...lock.holders].map(({ task }) => task.id)).toEqual([1]);
    expect(lock.maxHold).toBeCloseTo(4);
  });

  it("do not wait for ever: neither for a thread that has fallen silent, nor at the end", () => {
    const [main, worker] = [new Sender({ rowsPerBatch: 2 }), new Sender({ thread: 1 })];
    const store = new TraceStore();
    tick(worker, 1);
    worker.send(store);
    for (let time = 2; time < 1000; time++) tick(main, time);
    main.send(store);
    expect(times(store)).toHaveLength(999);
    // It speaks again, and is waited for again; what it says is applied, if late.
    tick(worker, 500);
    worker.send(store);
    expect(times(store).slice(-1)).toEqual([500]);
    tick(main, 1001);
    main.send(store);
    expect(store.eventCount).toBe(1000);
    store.finish();
    expect(times(store).slice(-2)).toEqual([500, 1001]);
  });

  it("may have a thread number that another thread had", () => {
    const [main, first, second] = [new Sender(), new Sender({ thread: 1 }), new Sender({ thread: 1 })];
    const store = new TraceStore();
    tick(first, 1);
    first.send(store, { last: true });
    tick(main, 2);
    main.send(store);
    tick(second, 3);
    second.send(store, { last: true });
    tick(main, 4);
    main.send(store);
    expect(times(store)).toEqual([1, 2, 3, 4]);
    expect(store.dropped).toBe(0);
  });

  it("are not held up by numbers that no program would write", () => {
    const store = new TraceStore();
    const [main, worker] = [new Sender(), new Sender({ thread: 65_535 })];
    worker.time = 1e300;
    worker.row({ kind: EventKind.tryFail });
    for (let thread = 1; thread < 5000; thread++) append(store, empty(thread, thread));
    worker.send(store);
    tick(main, 1, 2, 3);
    main.send(store);
    for (let thread = 1; thread < 5000; thread++) append(store, empty(thread, 1e9, BatchFlag.last));
    main.send(store, { last: true });
    expect(times(store)).toEqual([1, 2, 3, 1e300]);
  });

  it("keep what a wide row says for the row after it, in whichever batch that is", () => {
    const b = new TraceBuilder();
    b.row({ kind: EventKind.add, task: 0, lock: 1, value: 70_000 });
    b.row({ kind: EventKind.add, task: 0, lock: 1, value: 500 });
    const rows = new Int32Array(b.bytes().buffer.slice(-64));
    const store = new TraceStore();
    append(store, empty(1, 0));
    const cuts = [1, 2, 2, 4];
    for (const [index, to] of cuts.entries()) {
      const from = index === 0 ? 0 : cuts[index - 1]!;
      const info = { base: 0, firstSeq: from };
      append(store, encodeBatch(info, new Uint8Array(0), rows.slice(from * 4, to * 4)));
    }
    store.finish();
    expect(applied(store).map(({ value }) => value)).toEqual([70_000, 500]);
    expect(store.live.findLock(1)!.amount).toBe(70_500);
  });
});
