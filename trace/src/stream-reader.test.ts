import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BATCH_HEADER_BYTES, type Batch, encodeBatch, MAX_DEFINITION_BYTES } from "./batch.js";
import { DefinitionWriter } from "./definitions.js";
import { TraceFormatError } from "./format-error.js";
import { encodePrelude, MAX_PRELUDE_BYTES, type ProgramMeta } from "./prelude.js";
import { ROW_WORDS, WIDE_VALUE, writeRow, writeWideRow } from "./row.js";
import { EventKind, LockKind, Mode } from "./schema.js";
import { readTrace, StreamReader } from "./stream-reader.js";

const meta: ProgramMeta = {
  program: "bänk.ts",
  script: "/srv/bänk.ts",
  node: "v20.20.2",
  cwd: "/srv",
  start: 1_700_000_000_123.5,
};

/** A trace of `batches` batches whose row i has dt i; the first batch defines things. */
function sample(batches: number, rowsEach: number): Uint8Array {
  const parts: Uint8Array[] = [encodePrelude({ token: "s3cret", pid: 4711, meta })];
  const definitions = new DefinitionWriter();
  for (let n = 0; n < batches; n++) {
    const site = definitions.site("/srv/bänk.ts", 10 + n, 5, "überweisen");
    definitions.task(n + 1, 0, 0, site, `worker ${n}`);
    definitions.lock(n + 1, LockKind.mutex, site, `konto ${n}`, 0);
    const rows = new Int32Array(rowsEach * ROW_WORDS);
    for (let row = 0; row < rowsEach; row++) {
      writeRow(rows, row * ROW_WORDS, row, EventKind.acquire, Mode.shared, site, n + 1, 0xffff_fffe);
    }
    parts.push(encodeBatch({ base: n * 10.25, firstSeq: n * rowsEach }, definitions.take(), rows));
  }
  return concat(parts);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const plain = (batch: Batch) => ({ ...batch, rows: [...batch.rows], bytes: [...batch.bytes] });

describe("StreamReader", () => {
  it("gives back what was written", () => {
    const { prelude, batches, end } = readTrace(sample(3, 5));
    expect(prelude).toEqual({ version: 1, token: "s3cret", pid: 4711, meta });
    expect(end).toEqual({ truncated: false, pendingBytes: 0 });
    expect(batches.map((batch) => batch.header.base)).toEqual([0, 10.25, 20.5]);
    expect(batches[0]!.definitions).toEqual([
      { tag: "str", id: 1, text: "/srv/bänk.ts" },
      { tag: "str", id: 2, text: "überweisen" },
      { tag: "site", id: 1, file: 1, line: 10, column: 5, func: 2, parent: 0 },
      { tag: "task", id: 1, parent: 0, thread: 0, site: 1, name: "worker 0" },
      { tag: "lock", id: 1, kind: LockKind.mutex, site: 1, name: "konto 0", capacity: 0, era: 0, type: "" },
    ]);
    expect([...batches[1]!.rows.slice(4, 8)]).toEqual([
      1,
      EventKind.acquire | (Mode.shared << 8) | (2 << 16),
      2,
      -2,
    ]);
    expect(batches[2]!.header).toMatchObject({ firstSeq: 10, rowCount: 5, dropped: 0, thread: 0 });
  });

  it("does not mind where the chunks are cut", () => {
    const bytes = sample(4, 7);
    const whole = readTrace(bytes).batches.map(plain);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (places) => {
        const reader = new StreamReader();
        const batches: Batch[] = [];
        let from = 0;
        for (const to of [...places.sort((a, b) => a - b), bytes.length]) {
          const chunk = bytes.slice(from, to);
          batches.push(...reader.push(chunk));
          chunk.fill(0xee); // a reader that kept the chunk would now see garbage
          from = to;
        }
        expect(batches.map(plain)).toEqual(whole);
        expect(reader.end().truncated).toBe(false);
      }),
    );
    const reader = new StreamReader();
    const batches = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(batches.map(plain)).toEqual(whole);
  });

  it("keeps the batches before a cut and says how much is lost", () => {
    const bytes = sample(3, 6);
    const whole = readTrace(bytes).batches.map(plain);
    for (let length = 0; length < bytes.length; length++) {
      const { batches, end } = readTrace(bytes.subarray(0, length));
      expect(batches.map(plain)).toEqual(whole.slice(0, batches.length));
      const boundary = length - end.pendingBytes;
      expect(end.truncated).toBe(end.pendingBytes > 0 || length === 0);
      expect(boundary).toBeLessThanOrEqual(length);
    }
  });

  it("survives any mutation with batches or a TraceFormatError", () => {
    const bytes = sample(2, 4);
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(edits, fc.integer({ min: 1, max: bytes.length }), (changes, chunkSize) => {
        const broken = bytes.slice();
        for (const [at, value] of changes) broken[at] = value;
        expectBatchesOrFormatError(broken, chunkSize);
      }),
      { numRuns: 3000 },
    );
  });

  it("survives arbitrary bytes behind a right first line", () => {
    const head = encodePrelude({ pid: 1, meta });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
        expectBatchesOrFormatError(concat([head, tail]), 64);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses a length before anything of that length is allocated", () => {
    const header = encodeBatch({ base: 0 }, new Uint8Array(0), new Int32Array(0));
    new DataView(header.buffer).setUint32(24, MAX_DEFINITION_BYTES + 4, true);
    expect(() => new StreamReader({ prelude: false }).push(header)).toThrow(/definitions are too long/);
    const endless = new Uint8Array(MAX_PRELUDE_BYTES + 1).fill(0x41);
    expect(() => new StreamReader().push(endless)).toThrow(/first line does not end/);
  });

  it("names the version it cannot read, and the place of the damage", () => {
    const bytes = sample(2, 3);
    const start = encodePrelude({ token: "s3cret", pid: 4711, meta }).length;
    const first = bytes.slice();
    first[start + 4] = 9;
    expect(() => readTrace(first)).toThrow(
      expect.objectContaining({
        name: "TraceFormatError",
        offset: start,
        message: expect.stringContaining("version 9"),
      }),
    );
    const other = new TextEncoder().encode("LOCKSCOPE/2 - 1 {}\n");
    expect(() => readTrace(other)).toThrow(/version 2/);
    expect(() => readTrace(new TextEncoder().encode("GET / HTTP/1.1\r\n"))).toThrow(TraceFormatError);
  });

  it("stays broken after an error", () => {
    const reader = new StreamReader();
    expect(() => reader.push(new TextEncoder().encode("hello\n"))).toThrow(TraceFormatError);
    expect(() => reader.push(sample(1, 1))).toThrow(TraceFormatError);
  });

  it("gives the batches before the damage, then the error", () => {
    const bytes = sample(3, 3);
    const last = readTrace(bytes).batches[2]!.bytes.length;
    bytes[bytes.length - last] = 0;
    const reader = new StreamReader();
    expect(reader.push(bytes)).toHaveLength(2);
    expect(() => reader.push(new Uint8Array(1))).toThrow(TraceFormatError);
    expect(reader.end().error).toMatchObject({ offset: bytes.length - last });
  });

  it("skips definitions of a later version", () => {
    const writer = new DefinitionWriter();
    writer.lock(1, LockKind.cond, 0, "c", 0);
    const known = writer.take();
    const future = Uint8Array.of(200, 3, 1, 2, 3, 0, 0, 0);
    const bytes = encodeBatch({ base: 1 }, concat([future, known]), new Int32Array(0));
    const [batch] = new StreamReader({ prelude: false }).push(bytes);
    expect(batch!.definitions).toMatchObject([{ tag: "lock", id: 1, name: "c" }]);
  });

  it("carries wide rows as rows", () => {
    const rows = new Int32Array(2 * ROW_WORDS);
    writeWideRow(rows, 0, 3, WIDE_VALUE, 0, -70_000);
    writeRow(rows, ROW_WORDS, 3, EventKind.add, 0, 0, 1, 2);
    const [batch] = new StreamReader({ prelude: false }).push(
      encodeBatch({ base: 0 }, new Uint8Array(0), rows),
    );
    expect([...batch!.rows]).toEqual([...rows]);
    expect(batch!.bytes.length).toBe(BATCH_HEADER_BYTES + 32);
  });
});

function expectBatchesOrFormatError(bytes: Uint8Array, chunkSize: number): void {
  const reader = new StreamReader();
  try {
    for (let at = 0; at < bytes.length; at += chunkSize) {
      for (const batch of reader.push(bytes.subarray(at, at + chunkSize))) {
        expect(batch.rows.length).toBe(batch.header.rowCount * ROW_WORDS);
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(TraceFormatError);
  }
}
