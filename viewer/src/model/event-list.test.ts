import {
  EventKind,
  LockKind,
  StreamReader,
  TraceBuilder,
  type TraceEvent,
  TraceStore,
} from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { EventList, MAX_EVENTS } from "./event-list.js";

/** A trace that goes on: `grow` hands what has been written so far to the store. */
function growing() {
  const b = new TraceBuilder();
  const store = new TraceStore();
  const reader = new StreamReader({ prelude: false });
  let sent = 0;
  const grow = () => {
    b.flush();
    for (const bytes of b.batches.slice(sent)) for (const batch of reader.push(bytes)) store.append(batch);
    sent = b.batches.length;
  };
  return { b, store, grow };
}

const everything = () => true;

describe("the list of events", () => {
  it("has each once, also those of one time that come in several batches", () => {
    const { b, store, grow } = growing();
    const lock = b.lock(LockKind.mutex, "mu");
    const list = new EventList(store, everything, undefined);
    const kinds: number[] = [EventKind.acquire, EventKind.release, EventKind.acquire, EventKind.release];
    for (const [n, kind] of kinds.entries()) {
      if (n === 3) b.time += 1;
      b.row({ kind: kind as EventKind, lock });
      grow();
      expect(list.refresh().total).toBe(n + 1);
    }
    expect(kinds.map((_, n) => list.at(n).kind)).toEqual(kinds);
    expect(list.refresh().total).toBe(4);
  });

  it("takes in a long trace bit by bit, where there is no time for all of it", () => {
    const { b, store, grow } = growing();
    const lock = b.lock(LockKind.mutex, "mu");
    for (let n = 0; n < 100_000; n++) {
      // Now and then several of one time.
      if (n % 3 === 0) b.time += 0.01;
      b.row({ kind: n % 2 === 0 ? EventKind.acquire : EventKind.release, lock, value: n });
    }
    grow();
    const list = new EventList(store, everything, undefined);
    let calls = 0;
    do calls++;
    while (!list.refresh(0).complete);
    expect(calls).toBeGreaterThan(2);
    expect(list.total).toBe(100_000);
    for (let n = 0; n < 100_000; n++) if (list.at(n).value !== n) expect(list.at(n).value).toBe(n);
  });

  it("gives back what was said", () => {
    const { b, store, grow } = growing();
    const site = b.site("/srv/a.ts", 7);
    const task = b.task("one");
    b.time = 12.5;
    b.row({ kind: EventKind.add, arg: 200, task, lock: 0xffff_fff0, site, value: -3 });
    grow();
    const wanted: Partial<TraceEvent> = {
      kind: EventKind.add,
      arg: 200,
      task,
      lock: 0xffff_fff0,
      value: -3,
    };
    const list = new EventList(store, ({ kind }) => kind === EventKind.add, undefined).refresh();
    expect(list.at(0)).toMatchObject(wanted);
    expect(list.at(0).time).toBeCloseTo(12.5, 3);
    expect(store.sites.get(list.at(0).site)).toMatchObject({ file: "/srv/a.ts", line: 7 });
  });

  it("of a range has what lies in it, and finds an instant", () => {
    const { b, store, grow } = growing();
    for (b.time = 0; b.time < 10; b.time++) b.row({ kind: EventKind.mark });
    grow();
    const list = new EventList(store, everything, { start: 2.5, end: 6 }).refresh();
    expect(Array.from({ length: list.length }, (_, n) => list.at(n).time)).toEqual([3, 4, 5, 6]);
    expect([list.firstFrom(0), list.firstFrom(4), list.firstFrom(4.5), list.firstFrom(9)]).toEqual([
      0, 1, 2, 4,
    ]);
  });

  it("forgets the oldest when there are too many, and says how many there were", () => {
    const { b, store, grow } = growing();
    const count = 2 * MAX_EVENTS + 10;
    for (let n = 0; n < count; n++) {
      b.time = n;
      b.row({ kind: EventKind.mark });
      if (n % 4000 === 0) b.flush();
    }
    grow();
    const list = new EventList(store, everything, undefined).refresh();
    expect([list.total, list.length]).toEqual([count, MAX_EVENTS + 10]);
    expect(list.at(list.length - 1).time).toBeCloseTo(count - 1, 3);
    expect(list.at(0).time).toBeCloseTo(MAX_EVENTS, 3);
  });
});
