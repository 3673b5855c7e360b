import {
  chromeTrace,
  compareTraces,
  DefinitionEncoder,
  eventsCsv,
  findDeadlocks,
  lockOrder,
  locksCsv,
  rangeStatistics,
  StreamReader,
  snapshotBatches,
  TraceFollower,
  TraceFormatError,
  TraceStore,
  traceLines,
  Watch,
  waitingTasks,
} from "@lockscope/trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bankTrace } from "../../viewer/testing/sample-trace.js";
import { usedAfterCollection } from "../support/heap.js";
import { type AnyRow, hostileTraces, rawBatch } from "./hostile-traces.js";

/** A hang is what takes this long for one trace, on the slowest machine that runs the tests. */
const patience = 60_000;

/** Reads bytes that need not be a trace, as far as they are one. */
function read(chunks: Iterable<Uint8Array>, options: { readonly prelude: boolean }): TraceStore {
  const reader = new StreamReader(options);
  const store = new TraceStore({ checkpointRows: 100 });
  try {
    for (const chunk of chunks) for (const batch of reader.push(chunk)) store.append(batch);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
  }
  reader.end();
  store.finish();
  return store;
}

/** Asks a trace everything that can be asked. */
function askEverything(store: TraceStore): void {
  const { live, startTime, endTime } = store;
  findDeadlocks(live);
  findDeadlocks(live, { ended: true });
  waitingTasks(live);
  traceLines(store);
  lockOrder(store);
  const watch = new Watch({ heldMs: 1, waitMs: 1 });
  watch.look(store, endTime);
  watch.look(store, endTime + 10);
  const middle = startTime + (endTime - startTime) / 2;
  for (const time of [startTime, middle, endTime]) findDeadlocks(store.stateAt(time));
  for (const range of [rangeStatistics(store, startTime, endTime), rangeStatistics(store, middle, endTime)]) {
    for (const piece of locksCsv(range, store.sites)) expect(piece).toBeTypeOf("string");
  }
  compareTraces(store, store);
  JSON.parse([...chromeTrace(store)].join(""));
  for (const piece of eventsCsv(store)) expect(piece).toBeTypeOf("string");
  const pixels = new Uint8Array(500);
  for (const { lane } of [...live.tasks.slice(0, 100), ...live.locks.slice(0, 100)]) {
    lane.raiseRanks(pixels, startTime, (endTime - startTime) / pixels.length || 1, pixels.length);
  }
  const follower = new TraceFollower();
  const reader = new StreamReader({ prelude: false });
  for (const bytes of snapshotBatches(store)) for (const batch of reader.push(bytes)) follower.append(batch);
  findDeadlocks(follower.live);
}

const bank = bankTrace({ turns: 40, deadlock: true }).file(1, {
  program: "bank.ts",
  script: "",
  node: "",
  cwd: "",
  start: 0,
});

describe("a hostile trace", () => {
  it("of any bytes is refused or read", { timeout: patience }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, prelude) => {
        askEverything(read([bytes], { prelude }));
      }),
      { numRuns: 300 },
    );
  });

  it("with bits flipped is refused or read as far as it is one", { timeout: patience }, () => {
    const flips = fc.array(fc.tuple(fc.nat(bank.length - 1), fc.nat(7)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(flips, (list) => {
        const bytes = bank.slice();
        for (const [at, bit] of list) bytes[at]! ^= 1 << bit;
        askEverything(read([bytes], { prelude: true }));
      }),
      { numRuns: 150 },
    );
  });

  const word = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom(65_535, 65_536, 65_537, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
  );
  const row: fc.Arbitrary<AnyRow> = fc.record({
    kind: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 20 }) },
      { weight: 1, arbitrary: fc.nat(255) },
    ),
    arg: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.nat(255)),
    site: fc.oneof(fc.nat(6), fc.constant(65_535)),
    task: word,
    lock: word,
    dt: fc.oneof(fc.nat(20), word),
  });
  const time = fc.oneof(
    fc.nat(50),
    fc.constantFrom(1e-300, 1e9, Number.MAX_SAFE_INTEGER, 1e300, Number.MAX_VALUE),
  );
  const name = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("x".repeat(5000), "=1+1", "\0"),
  );
  const definition = fc.record({
    tag: fc.nat(3),
    id: word,
    other: word,
    name,
    kind: fc.oneof(fc.nat(16), word),
  });
  const batch = fc.record({
    thread: fc.oneof(fc.nat(2), fc.constant(65_535)),
    generation: fc.nat(1),
    flags: fc.nat(3),
    firstSeq: fc.oneof(fc.nat(30), word),
    dropped: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: word }),
    base: time,
    rows: fc.array(row, { maxLength: 40 }),
    definitions: fc.array(definition, { maxLength: 5 }),
  });

  it("of legal batches may say anything at all", { timeout: 2 * patience }, () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 10 }), (batches) => {
        const bytes = batches.map(({ rows, definitions, ...info }) => {
          const out = new DefinitionEncoder();
          for (const { tag, id, other, name: text, kind } of definitions) {
            if (tag === 0) out.defineString(id, text);
            else if (tag === 1) out.defineSite(id, other, kind, other, other, kind);
            else if (tag === 2) out.task(id, other, other, other, text);
            else out.lock(id, kind, other, text, other);
          }
          return rawBatch(rows, info, out.take());
        });
        askEverything(read(bytes, { prelude: false }));
      }),
      { numRuns: 400 },
    );
  });

  it.each(Object.entries(hostileTraces))(
    "%s: is neither slow nor large",
    { timeout: patience },
    (_, batches) => {
      const chunks = [...batches()];
      const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      const before = usedAfterCollection();
      const store = read(chunks, { prelude: false });
      expect(usedAfterCollection() - before).toBeLessThan(MEMORY_PER_BYTE * bytes + MEMORY_BESIDES);
      askEverything(store);
    },
  );
});

/**
 * What a store keeps of a trace, at most, for each byte: a row of 16 bytes that names a task and a lock never heard
 * of makes two states, two lanes, a hold, and two pages of ids. A real trace takes a twentieth of that.
 */
const MEMORY_PER_BYTE = 180;
const MEMORY_BESIDES = 4e6;
