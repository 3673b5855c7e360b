import { EventKind, LockKind, StreamReader, TraceBuilder, TraceStore } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { lockRows, MAX_ROWS, taskRows, unfinishedFirst } from "./rows.js";

function load(b: TraceBuilder): TraceStore {
  const store = new TraceStore();
  for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) store.append(batch);
  return store;
}

describe("the rows of the tables", () => {
  it("sort by what is asked for, names by their numbers", () => {
    const b = new TraceBuilder();
    for (const [name, uses] of [
      ["m10", 1],
      ["m2", 3],
      ["m1", 2],
    ] as const) {
      const lock = b.lock(LockKind.mutex, name);
      for (let n = 0; n < uses; n++) b.row({ kind: EventKind.acquire, lock });
    }
    const { locks } = load(b).live;
    const names = (column: "seen" | "name" | "uses", descending: boolean) =>
      lockRows(locks, { column, descending }, 0).rows.map(({ name }) => name);
    expect(names("seen", false)).toEqual(["m10", "m2", "m1"]);
    expect(names("name", false)).toEqual(["m1", "m2", "m10"]);
    expect(names("uses", true)).toEqual(["m2", "m1", "m10"]);
  });

  it("let finished tasks go first when not all fit", () => {
    const b = new TraceBuilder();
    for (let n = 0; n < 400; n++) {
      const task = b.task(`t${n}`);
      if (n < 350) b.row({ kind: EventKind.taskEnd, task });
    }
    const { tasks } = load(b).live;
    const { rows, total } = taskRows(tasks, { column: "seen", descending: false });
    expect(total).toBe(400);
    expect(rows).toHaveLength(MAX_ROWS);
    expect(rows.slice(0, 50).map(({ name }) => name)).toEqual(tasks.slice(350).map(({ name }) => name));
    expect(rows[50]!.name).toBe("t0");
    expect(unfinishedFirst(tasks, 30).every(({ phase }) => phase === "running")).toBe(true);
  });
});
