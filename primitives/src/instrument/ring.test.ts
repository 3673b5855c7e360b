import {
  type Batch,
  EventKind,
  encodeBatch,
  encodePrelude,
  StreamReader,
  TraceStore,
} from "@lockscope/trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRing, openRing } from "./ring.js";
import { RingReader } from "./ring-reader.js";
import { RingWriter } from "./ring-writer.js";

const meta = { program: "p", script: "p", node: "v20", cwd: "/", start: 0 };

function ringOf(rows: number, definitionBytes = 64) {
  const ring = openRing(createRing(rows, definitionBytes), rows, definitionBytes);
  const stream = new StreamReader();
  stream.push(encodePrelude({ pid: 1, meta }));
  const reader = new RingReader(ring);
  const writer = new RingWriter(ring);
  /** Everything that is in the ring, by the way it takes to a viewer. */
  const drain = (): Batch[] => {
    const batches: Batch[] = [];
    for (let chunk = reader.next(); chunk !== undefined; chunk = reader.next()) {
      batches.push(...stream.push(encodeBatch(chunk.info, chunk.definitions, chunk.rows)));
    }
    return batches;
  };
  return { ring, writer, drain };
}

interface Read {
  time: number;
  kind: number;
  arg: number;
  task: number;
  lock: number;
  value: number | undefined;
}

function read(batches: readonly Batch[]): Read[] {
  const store = new TraceStore();
  for (const batch of batches) store.append(batch);
  const events: Read[] = [];
  store.forEachEvent(({ time, kind, arg, task, lock, value }) => {
    events.push({ time, kind, arg, task, lock, value });
  });
  return events;
}

describe("the ring", () => {
  it("hands on what was written: times, operands, values", () => {
    const { writer, drain } = ringOf(16);
    writer.row(1000.5, EventKind.acquire, 1, 0, 7, 3);
    writer.rowWithValue(1000.625, EventKind.add, 0, 70_000, 7, 4, -2_000_000);
    const events = read(drain());
    expect(events).toEqual([
      { time: 1000.5, kind: EventKind.acquire, arg: 1, task: 7, lock: 3, value: undefined },
      { time: expect.closeTo(1000.625, 4), kind: EventKind.add, arg: 0, task: 7, lock: 4, value: -2_000_000 },
    ]);
    expect(drain()).toEqual([]);
  });

  it("keeps times apart that lie days apart, to the microsecond", () => {
    const { writer, drain } = ringOf(64);
    const day = 24 * 3600 * 1000;
    const times = [0.001, 5, 274_000, 275_000, 280_000.5, day, day + 0.002, 30 * day];
    for (const time of times) writer.row(time, EventKind.send, 0, 0, 1, 1);
    const batches = drain();
    expect(batches.length).toBeGreaterThan(3);
    for (const [at, event] of read(batches).entries()) expect(event.time).toBeCloseTo(times[at]!, 3);
  });

  it("runs around its end, definitions and rows, any number of times", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 60 }), (turns) => {
        const { writer, drain } = ringOf(32, 64);
        const sent: number[] = [];
        const batches: Batch[] = [];
        let defined = 0;
        for (const rows of turns) {
          // A pad is a definition of one byte that says nothing.
          const bytes = new Uint8Array((rows % 5) * 4);
          expect(writer.define(bytes)).toBe(true);
          defined += bytes.length;
          for (let i = 0; i < rows; i++) {
            writer.row(sent.length, EventKind.send, 0, 0, sent.length, 1);
            sent.push(sent.length);
          }
          batches.push(...drain());
        }
        expect(read(batches).map(({ task }) => task)).toEqual(sent);
        expect(batches.reduce((sum, { header }) => sum + header.definitionBytes, 0)).toBe(defined);
        let next = 0;
        for (const { header } of batches) {
          expect([header.firstSeq, header.dropped]).toEqual([next, 0]);
          next += header.rowCount;
        }
      }),
    );
  });

  it("drops and counts rows when it is full, and goes on once there is plenty of room", () => {
    const { writer, drain } = ringOf(16);
    let resumed = 0;
    writer.onResume = () => resumed++;
    for (let i = 0; i < 40; i++) writer.row(i, EventKind.send, 0, 0, i, 1);
    const first = drain();
    const kept = read(first).length;
    expect(kept).toBeGreaterThan(10);
    expect(first[0]!.header.dropped).toBe(40 - kept);
    expect(resumed).toBe(0);
    writer.row(40, EventKind.send, 0, 0, 40, 1);
    expect(resumed).toBe(1);
    expect(read(drain()).map(({ task }) => task)).toEqual([40]);
    expect(drain()).toEqual([]);
  });

  it("refuses definitions that do not fit, and takes them later", () => {
    const { writer, drain } = ringOf(16, 16);
    expect(writer.define(new Uint8Array(12))).toBe(true);
    expect(writer.define(new Uint8Array(8))).toBe(false);
    drain();
    expect(writer.define(new Uint8Array(8))).toBe(true);
    expect(drain()[0]!.header.definitionBytes).toBe(8);
  });
});
