import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Batch, ROW_WORDS, TraceStore, Watch } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../primitives/testing/traced.js";
import { root } from "../support/paths.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
}, 60_000);
afterAll(() => bench[Symbol.asyncDispose]());

/** What the detectors say of a traced run: nothing of how long things took, which the machine decides. */
async function alarmsOfProgram(file: string) {
  const { stream } = await bench.run(file);
  const { store } = stream!;
  store.finish();
  const never = Number.POSITIVE_INFINITY;
  return new Watch({ heldMs: never, waitMs: never }).look(store, store.endTime);
}

const alarmsOf = (example: string) => alarmsOfProgram(`../../examples/${example}`);

const right = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith("/right.ts"));

describe("the detectors", () => {
  it("find who waits for whom in the deadlock of two transfers, and both places of each lock", async () => {
    const [alarm, ...others] = await alarmsOf("deadlock/transfer.ts");
    expect(others).toEqual([]);
    expect(alarm?.kind).toBe("deadlock");
    const place = String.raw`\(transfer\.ts:13, for [^)]*\), held by task "[^"]*" \(taken at transfer\.ts:10, [^)]*\)`;
    expect(alarm!.text).toMatch(
      new RegExp(
        `^Deadlock: task "alice pays bob" waits for Mutex "bob" ${place}; ` +
          `task "bob pays alice" waits for Mutex "alice" ${place}; 1 more task behind them$`,
      ),
    );
  }, 60_000);

  it("find the task that waits for itself", async () => {
    const alarms = await alarmsOf("reentrant-lock/wrong.ts");
    expect(alarms).toMatchObject([{ kind: "self-relock", locks: [{ name: "account" }] }]);
  }, 60_000);

  it("find who is left waiting for a lock that nobody gives back", async () => {
    const alarms = await alarmsOf("missing-unlock/wrong.ts");
    expect(alarms.map(({ kind }) => kind)).toEqual(["leaked-task", "leaked-task"]);
    expect(alarms[1]!.text).toMatch(/task "Tony" waits for Mutex "box office" .*it has ended/);
  }, 60_000);

  it.each([...right, "deadlock/ordered.ts"])(
    "are silent about %s",
    async (file) => {
      expect((await alarmsOf(file)).map(({ text }) => text)).toEqual([]);
    },
    60_000,
  );

  it("know who only tries a lock, and who gives up waiting", async () => {
    const before = bench.streams.length;
    const alarms = await alarmsOfProgram("polite.ts");
    // Whoever gives up has asked for both locks all the same: nobody says that he always will.
    expect(alarms.map(({ kind, locks }) => [kind, locks.map(({ name }) => name).sort()])).toEqual([
      ["order-inversion", ["c", "d"]],
    ]);
    // Looked at after each row, too, there never was a deadlock.
    const { batches } = bench.streams[before]!;
    const store = new TraceStore();
    const watch = new Watch();
    const kinds = new Set<string>();
    watch.look(store, 0);
    for (const batch of batches.flatMap(rowByRow)) {
      store.append(batch);
      for (const { kind } of watch.look(store, store.endTime)) kinds.add(kind);
    }
    expect(kinds).toEqual(new Set(["order-inversion"]));
  }, 60_000);
});

/** A batch for each row; `wide` ones stay with the row that they extend. */
function rowByRow({ header, definitions, rows, bytes }: Batch): Batch[] {
  const parts: Batch[] = [];
  for (let at = 0; at < header.rowCount; at++) {
    const row = rows.subarray(at * ROW_WORDS, (at + 1) * ROW_WORDS);
    const firstSeq = header.firstSeq + at;
    parts.push({
      header: { ...header, firstSeq, rowCount: 1, dropped: 0, definitionBytes: 0 },
      definitions: at === 0 ? definitions : [],
      rows: row,
      bytes,
    });
  }
  return header.rowCount === 0 ? [{ header, definitions, rows, bytes }] : parts;
}
