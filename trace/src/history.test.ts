import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventKind, LockKind } from "./schema.js";
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
});
