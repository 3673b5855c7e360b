import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventKind, LockKind, MarkLevel, Mode } from "../schema.js";
import type { TraceStore } from "../store.js";
import { Play } from "../testing/play.js";
import { type Imported, importTraceEvents } from "../testing/trace-event-importer.js";
import { chromeTrace } from "./chrome-trace.js";
import { EXACT_NS, nanoseconds, timeText } from "./slices.js";

const meta = { program: "bank.ts", script: "/srv/bank.ts", node: "v20.20.2", cwd: "/srv", start: 1e12 };

function imported(store: TraceStore): Imported {
  const result = importTraceEvents([...chromeTrace(store, meta)].join(""));
  expect(result.errors).toEqual([]);
  return result;
}

/** The slices of a thread: depth, name, from and to in milliseconds. */
function drawn({ slices, threads }: Imported, thread: string): unknown[] {
  const ids = [...threads].filter(([, name]) => name === thread).map(([tid]) => tid);
  return slices
    .filter(({ tid }) => ids.includes(tid))
    .map(({ depth, name, start, end }) => [depth, name, start / 1e6, end / 1e6]);
}

describe("chromeTrace", () => {
  it("has a thread for each task and each lock, with what happens in slices", () => {
    const result = imported(
      new Play().play("a 1, a 2").play("b 2?, a 2!, b 2^, b 2, a 1!, b 2!, a ., b .").store,
    );
    expect([...result.processes.values()]).toEqual(["bank.ts: tasks", "bank.ts: locks"]);
    expect([...result.threads.values()]).toEqual(['task "a"', 'task "b"', 'Mutex "1"', 'Mutex "2"']);
    expect(drawn(result, 'task "a"')).toEqual([
      [0, 'task "a"', 1, 9],
      [1, 'hold Mutex "1"', 1, 7],
      [2, 'hold Mutex "2"', 2, 4],
    ]);
    expect(drawn(result, 'task "b"')).toEqual([
      [0, 'task "b"', 3, 10],
      [1, 'wait Mutex "2"', 3, 5],
      [1, 'hold Mutex "2"', 6, 8],
    ]);
    expect(drawn(result, 'Mutex "2"')).toEqual([
      [0, 'task "a"', 2, 3],
      [0, 'task "a"', 3, 4],
      [0, "waited for", 4, 5],
      [0, 'task "b"', 6, 8],
    ]);
    const hold = result.slices.find(({ name }) => name === 'hold Mutex "2"');
    expect(hold).toMatchObject({ category: "hold", args: { mode: "exclusive", at: "/app/play.ts:2:1" } });
  });

  it("nests locks that are given back in the order they were taken", () => {
    const result = imported(new Play().play("a 1, a 2, a 1!, a 2!, a .").store);
    expect(drawn(result, 'task "a"')).toEqual([
      [0, 'task "a"', 1, 5],
      [1, 'hold Mutex "1"', 1, 3],
      [2, 'hold Mutex "2"', 2, 3],
      [1, 'hold Mutex "2"', 3, 4],
    ]);
  });

  it("ends what is open with the trace, and what an ended task has with the task", () => {
    const result = imported(new Play().play("a 1, a ., b 2, b 1?").pass(5).play("c 3").store);
    expect(drawn(result, 'task "a"').at(-1)).toEqual([1, 'hold Mutex "1"', 1, 2]);
    expect(drawn(result, 'task "b"').slice(1)).toEqual([
      [1, 'hold Mutex "2"', 3, 10],
      [2, 'wait Mutex "1"', 4, 10],
    ]);
  });

  it("draws an arrow from who gives a lock back to who goes on", () => {
    const play = new Play().play("a 1, b 1?, a 1!");
    // As a program writes them: release, unblock and acquire are of one moment.
    const next = { task: play.task("b"), lock: play.lock("1") };
    play.trace.row({ kind: EventKind.unblock, ...next });
    play.trace.row({ kind: EventKind.acquire, ...next });
    const { flows } = imported(play.ship().play("b 1!, a b?, b .").store);
    expect(flows.map(({ from, to }) => [from.name, from.tid, to.name, to.tid])).toEqual([
      ['hold Mutex "1"', 1, 'hold Mutex "1"', 2],
    ]);
  });

  it("shows selects, joins, channels, marks, and names as they are", () => {
    const play = new Play();
    const name = 'a "quoted"\\\u0007\u2028 name, not a formula =1+1';
    const channel = play.lock(name, LockKind.channel);
    const [t, u] = [play.task("t"), play.task("u")];
    play.trace.row({ kind: EventKind.block, arg: Mode.selectReceive, task: t, lock: channel });
    play.trace.row({
      kind: EventKind.block,
      arg: Mode.selectReceive,
      task: t,
      lock: play.lock("x", LockKind.channel),
    });
    play.trace.row({ kind: EventKind.block, arg: Mode.join, task: u, lock: t });
    play.trace.row({ kind: EventKind.send, task: play.task("s"), lock: channel });
    play.pass(3).trace.row({ kind: EventKind.unblock, arg: Mode.selectReceive, task: t, lock: channel });
    play.trace.row({
      kind: EventKind.mark,
      arg: MarkLevel.info,
      task: t,
      value: play.trace.definitions.string("now"),
    });
    const result = imported(play.ship().store);
    const names = result.slices.map((slice) => slice.name);
    expect(names).toEqual(expect.arrayContaining(["select", 'join task "t"', "now", "waited for"]));
    expect([...result.threads.values()]).toContain(
      'Channel "a "quoted"\\\\u0007\\u2028 name, not a formula =1+1"',
    );
    expect(result.flows).toHaveLength(1);
  });

  it("keeps what a task waits for within its life, though a row comes that is earlier than its first", () => {
    const play = new Play();
    // No definition tells of it.
    const task = 77;
    play.pass(2).trace.row({ kind: EventKind.taskStart, task });
    play.ship().trace.time = 1;
    play.trace.row({ kind: EventKind.block, task, arg: Mode.external });
    const result = imported(play.ship().play("b 1").pass(3).play("b 1!").store);
    expect(drawn(result, 'task "task 77"')).toEqual([
      [0, 'task "task 77"', 2, 6],
      [1, "external", 2, 6],
    ]);
  });

  it("cuts its text into pieces", () => {
    const play = new Play();
    for (let i = 0; i < 30_000; i++) {
      play.trace.time += 0.001;
      play.trace.row({ kind: EventKind.acquire, task: play.task("a"), lock: play.lock("1") });
      play.trace.row({ kind: EventKind.release, task: play.task("a"), lock: play.lock("1") });
    }
    const pieces = [...chromeTrace(play.ship().store, meta)];
    const longest = Math.max(...pieces.map(({ length }) => length));
    expect(longest).toBeLessThan(pieces.join("").length / 4);
    expect(importTraceEvents(pieces.join("")).errors).toEqual([]);
  });

  it("is accepted whatever the rows say", () => {
    const id = fc.integer({ min: 0, max: 5 });
    const row = fc.record({
      kind: fc.integer({ min: 0, max: 24 }) as fc.Arbitrary<EventKind>,
      arg: fc.integer({ min: 0, max: 50 }),
      task: id,
      lock: id,
      gap: fc.integer({ min: -2, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 120 }), (rows) => {
        const play = new Play();
        for (const kind of [1, 2, 4, 7] as LockKind[]) play.lock(`${kind}`, kind);
        for (const { gap, ...fields } of rows) {
          play.trace.time = Math.max(0, play.trace.time + gap / 3);
          if (gap < 0) play.trace.flush();
          play.trace.row(fields);
        }
        imported(play.ship().store);
      }),
      { numRuns: 300 },
    );
  });

  it("writes times that come out as the nanoseconds that went in", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e300, noNaN: true }), fc.maxSafeNat(), (ms, small) => {
        for (const ns of [nanoseconds(ms), small % EXACT_NS]) {
          expect(Math.trunc(Number(timeText(ns)) * 1000)).toBe(ns);
        }
      }),
    );
    expect([0, 1, 1001, 64, 1_000_000].map((ns) => Math.trunc(Number(timeText(ns)) * 1000))).toEqual([
      0, 1, 1001, 64, 1_000_000,
    ]);
  });
});
