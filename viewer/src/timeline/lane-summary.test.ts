import { Severity } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankTrace, busyTrace } from "../../testing/sample-trace.js";
import { storeOf } from "../../testing/store.js";
import { summarize } from "./lane-summary.js";
import { type LaneRow, timelineRows } from "./rows.js";

function rowsOfTrace(trace: Parameters<typeof storeOf>[0]) {
  const store = storeOf(trace);
  const rows = timelineRows(store.live.locks, store.live.tasks, new Set());
  const find = (label: string) =>
    rows.find((row): row is LaneRow => row.type !== "heading" && row.label === label)!;
  return { store, find, whole: { start: store.startTime, end: store.endTime } };
}

describe("summarize", () => {
  it("tells the state at an instant, and counts the waits in view", () => {
    const { store, find, whole } = rowsOfTrace(bankTrace({ turns: 300, deadlock: true }));
    const now = store.endTime;
    const savings = summarize(store, find("savings"), whole, now, now);
    expect(savings).toMatchObject({ state: "held by transfer savings → checking, 1 task waits", waits: 1 });
    const writer = find("price feed");
    const feed = summarize(store, writer, whole, store.startTime, now);
    const waits = writer.lane.spans.filter((span) => store.live.spans.severity[span] === Severity.wait);
    expect(feed.waits).toBe(waits.length);
    expect(feed.waits).toBeGreaterThan(3);
    expect(feed.longest).toBeCloseTo(store.live.findLock(find("prices").id)!.maxWait, 6);
    expect(summarize(store, writer, whole, now, now).state).toBe("ended");
    expect(summarize(store, find("checking"), whole, store.startTime, now).state).toBe("free");
  });

  it("counts a wait only as far as it is in view", () => {
    const { store, find } = rowsOfTrace(bankTrace({ turns: 300, deadlock: true }));
    const now = store.endTime;
    const main = summarize(store, find("main"), { start: now - 2, end: now - 1.5 }, now, now);
    expect(main.waits).toBe(1);
    expect(main.longest).toBeCloseTo(0.5, 9);
  });

  it("finds no wait in a trace without any", () => {
    const { store, find, whole } = rowsOfTrace(busyTrace(2000, 4, 4));
    expect(summarize(store, find("t1"), whole, 0, store.endTime)).toMatchObject({ waits: 0, longest: 0 });
  });
});
