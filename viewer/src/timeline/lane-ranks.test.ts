import { Lane, rankOf, Severity, SpanColumns } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { fillRanks, KeptRanks } from "./lane-ranks.js";

const [run, hold, blocking, wait, stuck] = [
  Severity.run,
  Severity.hold,
  Severity.blocking,
  Severity.wait,
  Severity.stuck,
].map((severity) => rankOf(severity, 0)) as [number, number, number, number, number];

/** Held from 2 to 4, waiting since 6. */
function sample() {
  const columns = new SpanColumns();
  const lane = new Lane(columns);
  lane.show(2, Severity.hold, 0, 1, 0);
  lane.clear(4);
  lane.show(6, Severity.wait, 0, 1, 0);
  return { columns, lane };
}

const scale = { start: 0, msPerPixel: 1, pixels: 12 };
const lifetime = { from: 1, to: Number.POSITIVE_INFINITY };

describe("fillRanks", () => {
  it("shows a task's life under everything else, and an endless wait above it", () => {
    const { columns, lane } = sample();
    const out = new Uint8Array(12);
    fillRanks(out, { lane, stuck: false, lifetime }, columns, scale, 9.5);
    expect([...out]).toEqual([0, run, hold, hold, run, run, wait, wait, wait, wait, 0, 0]);
    fillRanks(out, { lane, stuck: true, lifetime }, columns, scale, 9.5);
    expect([...out]).toEqual([0, run, hold, hold, run, run, stuck, stuck, stuck, stuck, 0, 0]);
  });

  it("keeps a wait of a microsecond visible in a view of an hour", () => {
    const columns = new SpanColumns();
    const lane = new Lane(columns);
    for (let n = 0; n < 10_000; n++) {
      lane.show(n * 360, Severity.hold, 0, n, 0);
      if (n === 5000) lane.show(n * 360 + 100, Severity.wait, 0, n, 0);
      if (n === 5000) lane.show(n * 360 + 100.001, Severity.hold, 0, n, 0);
      lane.clear(n * 360 + 200);
    }
    const out = new Uint8Array(1000);
    const row = { lane, stuck: false, lifetime: undefined };
    fillRanks(out, row, columns, { start: 0, msPerPixel: 3600, pixels: 1000 }, 3.6e6);
    expect([...out.entries()].filter(([, rank]) => rank === wait)).toEqual([[500, wait]]);
  });

  it("shows nothing while all in sight lies in the future", () => {
    const { columns, lane } = sample();
    const out = new Uint8Array(12).fill(9);
    fillRanks(out, { lane, stuck: true, lifetime }, columns, { ...scale, start: 100 }, 9.5);
    expect([...out]).toEqual(new Array(12).fill(0));
  });
});

describe("KeptRanks", () => {
  it("changes with the lane, the present and the view, and with nothing else", () => {
    const { columns, lane } = sample();
    const kept = new KeptRanks();
    const row = { lane, stuck: false, lifetime };
    const versions = [
      () => kept.update(row, columns, scale, 8.5),
      () => kept.update({ ...row }, columns, { ...scale }, 8.9),
      () => kept.update(row, columns, scale, 9.5),
      // The wait under way was none: something else began at the same instant, and has its number.
      () => lane.show(6, Severity.blocking, 0, 1, 0),
      () => kept.update(row, columns, scale, 9.5),
      () => kept.update({ ...row, stuck: true }, columns, scale, 9.5),
      () => kept.update(row, columns, { ...scale, start: 1 }, 9.5),
    ].map((step) => {
      step();
      return kept.version;
    });
    expect(versions).toEqual([1, 1, 2, 2, 3, 4, 5]);
    expect([...kept.ranks]).toEqual([run, hold, hold, run, run, ...new Array(4).fill(blocking), 0, 0, 0]);
  });
});
