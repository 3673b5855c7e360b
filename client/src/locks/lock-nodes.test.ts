import { BLOCKS_THREAD, EventKind, LockKind, Mode, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { deadlockedTrace, newSession } from "../testing/sample-trace.js";
import type { LockNode } from "./lock-node.js";
import { lockNodes } from "./lock-nodes.js";

function nodesOf(trace: TraceBuilder, moment: { now: number; stoppedTask?: number }): LockNode[] {
  const session = newSession();
  for (const batch of trace.batches) session.receive(batch);
  return lockNodes(session, moment);
}

/** The tree as indented lines. */
function text(nodes: readonly LockNode[], depth = 0): string[] {
  return nodes.flatMap(({ label, description, children }) => [
    `${"  ".repeat(depth)}${label} | ${description}`,
    ...text(children?.() ?? [], depth + 1),
  ]);
}

describe("the tree of locks", () => {
  it("shows a deadlock on top, then each lock's holder and queue, then the tasks", () => {
    const nodes = nodesOf(deadlockedTrace(), { now: 25 });
    expect(text(nodes)).toEqual([
      "Deadlock | alice pays bob → bob pays alice",
      "  alice pays bob | has waited 20.0 ms for bob, held by bob pays alice",
      "  bob pays alice | has waited 20.0 ms for alice, held by alice pays bob",
      "alice | Mutex · held by alice pays bob for 20.0 ms · 1 task waiting",
      "  alice pays bob | has held it for 20.0 ms, bank.ts:10",
      "  1. bob pays alice | has waited for 20.0 ms, bank.ts:12",
      "  1 use, 1 with a wait · longest wait 20.0 ms | made at bank.ts:1",
      "bob | Mutex · held by bob pays alice for 20.0 ms · 1 task waiting",
      "  bob pays alice | has held it for 20.0 ms, bank.ts:10",
      "  1. alice pays bob | has waited for 20.0 ms, bank.ts:12",
      "  1 use, 1 with a wait · longest wait 20.0 ms | made at bank.ts:2",
      "Tasks | 2 alive, 2 waiting",
      "  alice pays bob | has waited 20.0 ms for bob · holds alice",
      "  bob pays alice | has waited 20.0 ms for alice · holds bob",
    ]);
    expect(nodes.map(({ tone }) => tone).slice(0, 3)).toEqual(["error", "error", "error"]);
    expect(nodes[0]?.children?.()[0]?.place).toMatchObject({ file: "/app/bank.ts", line: 12 });
  });

  it("says of a task in a deadlock that its thread is stopped, if that is why it cannot go on", () => {
    const trace = new TraceBuilder();
    const [first, second] = [trace.lock(LockKind.mutex, "first"), trace.lock(LockKind.mutex, "second")];
    const taskIn = (thread: number, name: string) => {
      const task = trace.task(name);
      trace.definitions.task(task, 0, thread, 0, name);
      return task;
    };
    const [keeps, stops, other] = [taskIn(1, "keeps"), taskIn(1, "stops"), taskIn(2, "other")];
    trace.row({ kind: EventKind.acquire, task: keeps, lock: first });
    trace.row({ kind: EventKind.acquire, task: other, lock: second });
    trace.time = 5;
    trace.row({ kind: EventKind.block, task: other, lock: first });
    trace.row({ kind: EventKind.block, task: stops, lock: second, value: BLOCKS_THREAD });
    trace.flush();
    expect(text(nodesOf(trace, { now: 25 })).slice(0, 4)).toEqual([
      "Deadlock | other → keeps → stops",
      "  other | has waited 20.0 ms for first, held by keeps",
      "  keeps | cannot run: its thread is stopped by stops",
      "  stops | has waited 20.0 ms for second, held by other",
    ]);
  });

  it("marks the task in which the debugger stands, and puts it first", () => {
    const nodes = nodesOf(deadlockedTrace(), { now: 25, stoppedTask: 4 });
    const marked = {
      label: "bob pays alice",
      description: expect.stringContaining("stopped here"),
      tone: "stopped",
    };
    expect(nodes[0]).toMatchObject(marked);
    expect(nodes.at(-1)?.children?.()[0]).toMatchObject(marked);
  });

  it("says what a channel and a WaitGroup have, and how a RWMutex is held", () => {
    const trace = new TraceBuilder();
    const jobs = trace.lock(LockKind.channel, "jobs", 0, 4);
    const done = trace.lock(LockKind.waitgroup, "done");
    const config = trace.lock(LockKind.rwmutex, "config");
    const task = trace.task("worker");
    trace.row({ kind: EventKind.send, task, lock: jobs });
    trace.row({ kind: EventKind.add, task, lock: done, arg: 3 });
    trace.row({ kind: EventKind.acquire, task, lock: config, arg: Mode.shared });
    trace.flush();
    expect(text(nodesOf(trace, { now: 0 }))).toEqual(
      expect.arrayContaining([
        "jobs | Channel · 1 of 4",
        "done | WaitGroup · counter 3",
        "  worker | has held it for reading for 0",
      ]),
    );
  });

  it("names no more than can be read, and says that there are more", () => {
    const trace = new TraceBuilder();
    const hot = trace.lock(LockKind.mutex, "hot");
    for (let i = 0; i < 300; i++) {
      const lock = trace.lock(LockKind.mutex, `lock ${i}`);
      trace.row({ kind: EventKind.acquire, task: trace.task(`task ${i}`), lock });
      trace.row({ kind: EventKind.block, task: trace.task(`waiter ${i}`), lock: hot });
    }
    trace.flush();
    const nodes = nodesOf(trace, { now: 1 });
    expect(nodes).toHaveLength(202);
    expect(nodes.at(-2)?.label).toBe("101 more locks: see the trace view");
    expect(nodes.at(-1)?.children?.()).toHaveLength(201);
    const queue = nodesOf(trace, { now: 1 })
      .find(({ label }) => label === "hot")
      ?.children?.();
    expect(queue?.at(-2)?.label).toBe("250 more waiting tasks: see the trace view");
  });
});
