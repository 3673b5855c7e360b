import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CANCELLABLE, EndReason, EventKind, LockKind, Mode, TRIED } from "./schema.js";
import { TraceStore } from "./store.js";
import { readTrace } from "./stream-reader.js";
import { traceHeaderText, traceLines } from "./text.js";
import { TraceBuilder } from "./trace-builder.js";

function sample() {
  const b = new TraceBuilder();
  const site = b.site("/srv/bank.ts", 12, 9, "transfer");
  const mu = b.lock(LockKind.mutex, 'the "accounts"\u001b[31m\n', site);
  const wg = b.lock(LockKind.waitgroup, "wg");
  b.time = 1.25;
  const task = b.task("a");
  b.row({ kind: EventKind.acquire, task, lock: mu, site });
  b.row({ kind: EventKind.acquire, task, lock: mu, arg: Mode.shared | TRIED, value: 2 });
  b.row({ kind: EventKind.add, task, lock: wg, arg: -1 });
  b.row({ kind: EventKind.block, task: 0, lock: task, arg: Mode.join, value: CANCELLABLE });
  b.row({ kind: EventKind.programEnd, arg: EndReason.stuck });
  b.flush({ dropped: 3 });
  const meta = { program: "bank.ts", script: "/srv/bank.ts", node: "v20.20.2", cwd: "/srv", start: 0 };
  const { prelude, batches } = readTrace(b.file(4711, meta));
  const store = new TraceStore();
  for (const batch of batches) store.append(batch);
  return { prelude: prelude!, store };
}

describe("the text of a trace", () => {
  it("is one line an event, and no name can forge another", () => {
    const { prelude, store } = sample();
    expect(traceHeaderText(prelude)).toBe(
      "# bank.ts  pid 4711  node v20.20.2  started 1970-01-01T00:00:00.000Z\n",
    );
    expect(traceLines(store)).toEqual([
      '      1.250000  #3 "a"              taskStart',
      '      1.250000  #3 "a"              acquire     mutex#1 "the \\"accounts\\"\\u001b[31m\\u000a"  exclusive  at /srv/bank.ts:12:9 (transfer)',
      '      1.250000  #3 "a"              acquire     mutex#1 "the \\"accounts\\"\\u001b[31m\\u000a"  shared tried x2',
      '      1.250000  #3 "a"              add         waitgroup#2 "wg"  -1',
      '      1.250000  #0 "main"           block       task#3 "a"  join cancellable',
      '      1.250000  #0 "main"           programEnd  stuck',
      "# 3 events were dropped",
    ]);
  });

  it("is coloured by the grammar: every pattern compiles, and finds its part of the line", () => {
    const grammar = JSON.parse(
      readFileSync(new URL("../../syntaxes/locktrace.tmLanguage.json", import.meta.url), "utf8"),
    ) as Grammar;
    expect(grammar.scopeName).toBe("source.locktrace");
    const { event, place, lock, task, kind, mode, comment } = grammar.repository;
    const line = traceLines(sample().store)[1]!;
    expect(new RegExp(event!.begin!, "v").exec(line)?.[1]).toBe("1.250000");
    expect(new RegExp(task!.match!).exec(line)?.[0]).toBe("#3");
    expect(new RegExp(lock!.match!).exec(line)?.slice(1)).toEqual(["mutex", "#1"]);
    expect(new RegExp(mode!.match!).exec(line)?.[0]).toBe("exclusive");
    expect(new RegExp(place!.match!).exec(line)?.slice(1)).toEqual([
      "at",
      "/srv/bank.ts",
      "12",
      "9",
      "transfer",
    ]);
    expect(new RegExp(comment!.match!).test("# 3 events were dropped")).toBe(true);
    const words = kind!.patterns!.map((pattern) => pattern.match).join("|");
    for (const name of Object.keys(EventKind).filter((name) => name !== "wide")) {
      expect(new RegExp(words).exec(name)?.[0]).toBe(name);
    }
    for (const name of Object.keys(Mode)) {
      expect(new RegExp(`${mode!.match}|${words}`).exec(name)?.[0]).toBe(name);
    }
    for (const name of Object.keys(LockKind)) {
      expect(new RegExp(lock!.match!).exec(`${name}#12`)?.[1]).toBe(name);
    }
  });
});

interface Grammar {
  readonly scopeName: string;
  readonly repository: Record<string, Pattern>;
}
interface Pattern {
  readonly match?: string;
  readonly begin?: string;
  readonly patterns?: readonly Pattern[];
}
