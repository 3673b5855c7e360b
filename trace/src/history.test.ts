import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEvent } from "./apply-event.js";
import { EventKind, LockKind } from "./schema.js";
import { TraceStore } from "./store.js";
import { StreamReader } from "./stream-reader.js";
import { plainState } from "./testing/plain-state.js";
import { TraceBuilder } from "./trace-builder.js";

const id = fc.integer({ min: 0, max: 6 });
const row = fc.record({
  kind: fc.integer({ min: 0, max: 24 }) as fc.Arbitrary<EventKind>,
  arg: fc.integer({ min: 0, max: 40 }),
  task: id,
  lock: id,
  site: id,
  gap: fc.nat(3),
});
const rows = fc.array(row, { maxLength: 200 });
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

/** These rows in batches of seven, with a loss before the row at `loss`. */
function write(list: readonly Row[], loss: number): TraceBuilder {
  const b = new TraceBuilder({ rowsPerBatch: 7 });
  for (const [index, name] of ["rw", "sem", "ch", "mu"].entries()) b.lock((index * 2) as LockKind, name);
  b.definitions.task(3, 1, 0, b.site("/a.ts", 3), "three");
  b.flush();
  for (const [index, { gap, ...fields }] of list.entries()) {
    b.time += gap;
    if (index === loss) {
      b.flush();
      b.flush({ dropped: 1 });
    }
    b.row(fields);
  }
  return b;
}

function upTo(list: readonly Row[], time: number): Row[] {
  let at = 0;
  return list.filter(({ gap }) => {
    at += gap;
    return at <= time;
  });
}

function load(b: TraceBuilder, checkpointRows = 10): TraceStore {
  const store = new TraceStore({ checkpointRows });
  for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) store.append(batch);
  return store;
}

describe("the state at an instant", () => {
  it("is what the rows up to it lead to", () => {
    fc.assert(
      fc.property(rows, fc.nat(400), fc.nat(200), (list, time, loss) => {
        const before = upTo(list, time);
        const whole = load(write(list, loss));
        const part = load(write(before, loss));
        expect(plainState(whole.stateAt(time))).toEqual(plainState(part.live));
      }),
      { numRuns: 500 },
    );
  });

  it("leads on to that at a later one, by the rows between", () => {
    fc.assert(
      fc.property(rows, fc.nat(400), fc.nat(400), (list, one, other) => {
        const store = load(write(list, -1));
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const state = store.stateAt(from);
        const seen: number[] = [];
        store.eventsBetween(from, to, (event) => {
          seen.push(event.time);
          applyEvent(state, event);
        });
        const times: number[] = [];
        store.forEachEvent(({ time }) => times.push(time));
        expect(seen).toEqual(times.filter((time) => time > from && time <= to));
        const later = plainState(store.stateAt(to));
        // Who was not heard of before has no name here.
        const known = new Set(store.stateAt(from).tasks.map(({ id }) => id));
        expect(plainState(state).tasks.filter(({ id }) => known.has(id))).toEqual(
          later.tasks.filter(({ id }) => known.has(id)),
        );
      }),
    );
  });

  it("is right about rows of a thread that was heard of too late", () => {
    const [main, worker] = [new TraceBuilder(), new TraceBuilder({ thread: 1 })];
    const [mu, own] = [main.lock(LockKind.mutex, "mu"), worker.lock(LockKind.mutex, "own")];
    for (const [b, lock, task] of [
      [main, mu, 1],
      [worker, own, 2],
    ] as const) {
      b.time = task;
      b.row({ kind: EventKind.acquire, task, lock });
      b.time = 10 * task;
      b.row({ kind: EventKind.release, task, lock });
    }
    const store = load(main);
    for (const batch of new StreamReader({ prelude: false }).push(worker.bytes())) store.append(batch);
    store.finish();
    const held = (time: number) => store.stateAt(time).locks.filter(({ holders }) => holders.size > 0);
    expect([0.5, 1, 2, 10, 20].map((time) => held(time).map(({ name }) => name))).toEqual([
      [],
      ["mu"],
      ["mu", "own"],
      ["own"],
      [],
    ]);
    const seen: number[] = [];
    store.eventsBetween(1, 10, ({ time }) => seen.push(time));
    expect(seen).toEqual([10, 2]);
  });
});

describe("the totals of places", () => {
  it("count what was taken and waited for there", () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [first, second] = [b.site("/a.ts", 1), b.site("/a.ts", 2)];
    const rows: [time: number, kind: EventKind, task: number, site: number][] = [
      [1, EventKind.acquire, 1, first],
      [2, EventKind.block, 2, second],
      [5, EventKind.release, 1, 0],
      [5, EventKind.unblock, 2, 0],
      [5, EventKind.acquire, 2, second],
      [6, EventKind.release, 2, 0],
      [7, EventKind.acquire, 1, first],
      [8, EventKind.release, 1, 0],
    ];
    for (const [time, kind, task, site] of rows) {
      b.time = time;
      b.row({ kind, task, lock: mu, site });
    }
    const { acquisitions, contended, totalWait, maxWait, totalHold, maxHold } = load(b).live.siteTotals;
    const at = (site: number) =>
      [acquisitions, contended, totalWait, maxWait, totalHold, maxHold].map((column) => column[site]);
    expect(at(1)).toEqual([2, 0, 0, 0, 5, 4]);
    expect(at(2)).toEqual([1, 1, 3, 3, 1, 1]);
  });
});
