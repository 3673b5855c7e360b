import { describe, expect, it } from "vitest";
import { rangeStatistics } from "../questions/range-statistics.js";
import { EventKind, LockKind, Mode } from "../schema.js";
import { Play } from "../testing/play.js";
import { eventsCsv, locksCsv } from "./csv.js";

/** Reads RFC 4180, and nothing else. */
function parse(text: string): string[][] {
  expect(text.endsWith("\r\n")).toBe(true);
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let match = cell.exec(text);
  for (; match !== null; match = cell.exec(text)) {
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === "\r\n") rows.push([]);
    if (cell.lastIndex === text.length) break;
  }
  expect(match).not.toBeNull();
  rows.pop();
  return rows;
}

describe("eventsCsv", () => {
  it("is a row an event, with names and places", () => {
    const rows = parse([...eventsCsv(new Play().play("a 1, b 1?, b a?").store)].join(""));
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([13]));
    expect(rows[0]!.slice(0, 4)).toEqual(["time_ms", "thread", "event", "detail"]);
    expect(rows.slice(1).filter(([, , event]) => event !== "taskStart")).toEqual([
      ["1.000000", "0", "acquire", "exclusive", "1", "a", "2", "mutex", "1", "/app/play.ts", "1", "1", ""],
      ["2.000000", "0", "block", "exclusive", "3", "b", "2", "mutex", "1", "/app/play.ts", "2", "1", ""],
      ["3.000000", "0", "block", "join", "3", "b", "1", "task", "a", "/app/play.ts", "3", "1", ""],
    ]);
  });

  it("quotes what needs it, and lets no name be a formula", () => {
    const play = new Play();
    const names = ["=HYPERLINK(1)", "+1", "-2+3", "@x", "\tx", 'a "b", c', "two\r\nlines", "-5", "plain"];
    for (const name of names) play.trace.row({ kind: EventKind.acquire, lock: play.lock(name), task: 0 });
    play.trace.row({ kind: EventKind.add, arg: -1, lock: play.lock("wg", LockKind.waitgroup) });
    const rows = parse([...eventsCsv(play.ship().store)].join("")).slice(1);
    expect(rows.map((row) => row[8])).toEqual([
      "'=HYPERLINK(1)",
      "+1",
      "'-2+3",
      "'@x",
      "'\tx",
      'a "b", c',
      "two\r\nlines",
      "-5",
      "plain",
      "wg",
    ]);
    expect(rows.at(-1)![3]).toBe("-1");
  });

  it("comes in pieces, each of whole lines", () => {
    const play = new Play(LockKind.channel);
    const channel = play.lock("c");
    for (let i = 0; i < 50_000; i++) {
      play.trace.time += 0.01;
      play.trace.row({ kind: EventKind.recv, arg: Mode.exclusive, lock: channel });
    }
    const pieces = [...eventsCsv(play.ship().store)];
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.every((piece) => piece.endsWith("\r\n"))).toBe(true);
    expect(pieces.join("").split("\r\n")).toHaveLength(50_002);
  });
});

describe("locksCsv", () => {
  it("is a row a lock, with its statistics", () => {
    const { store } = new Play().play("a 1, b 1?").pass(7).play("a 1!, b 1^, b 1, b 1!");
    const rows = parse([...locksCsv(rangeStatistics(store, 0, 13), store.sites)].join(""));
    expect(rows).toHaveLength(2);
    const cells = Object.fromEntries(rows[0]!.map((title, index) => [title, rows[1]![index]]));
    expect(cells).toMatchObject({
      lock_kind: "mutex",
      lock: "1",
      acquisitions: "2",
      contended: "1",
      max_queue: "1",
      waits: "1",
      wait_total_ms: "9.000000",
      wait_p99_ms: "9.000000",
      holds: "2",
      hold_total_ms: "10.000000",
      hold_mean_ms: "5.000000",
      hold_max_ms: "9.000000",
    });
  });
});
