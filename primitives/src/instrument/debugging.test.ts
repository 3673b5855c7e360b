import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EndReason, EventKind, Mode, readTrace, TraceStore, Watch } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

function storeOf(file: string): TraceStore {
  const store = new TraceStore();
  for (const batch of readTrace(readFileSync(file)).batches) store.append(batch);
  store.finish();
  return store;
}

function kindsOf(store: TraceStore, lock: string): string[] {
  const names = Object.fromEntries(Object.entries(EventKind).map(([name, kind]) => [kind, name]));
  const id = store.live.locks.find(({ name }) => name === lock)!.id;
  const kinds: string[] = [];
  store.forEachEvent((event) => {
    if (event.lock === id && event.arg !== Mode.join) kinds.push(names[event.kind]!);
  });
  return kinds;
}

describe("a debugger", () => {
  it("attaches to a program that runs, detaches, and attaches again: what was so before is told", async () => {
    const ENDPOINT = `file:${join(bench.folder, "attached.locktrace")}`;
    const REGISTER = bench.register;
    const { code, stdout, stderr } = await bench.run(
      "attach.ts",
      { ENDPOINT, REGISTER, LOCKSCOPE_TRACE: "" },
      { untraced: true },
    );
    expect([code, stdout, stderr]).toEqual([0, "0\n", ""]);
    const files = readdirSync(bench.folder).filter((name) => name.startsWith("attached"));
    const [second, first] = files
      .sort((a, b) => b.length - a.length)
      .map((name) => storeOf(join(bench.folder, name)));
    expect(first!.end?.reason).toBe(EndReason.detached);
    // Of the wait that began before nothing was told, so nothing is said of its end.
    expect(kindsOf(first!, "of before")).toEqual([
      ...["status", "block", "release", "acquire"],
      ...["release", "unblock", "acquire", "release"],
    ]);
    expect(kindsOf(first!, "group of before")).toEqual(["status", "block", "add", "add", "unblock"]);
    expect(first!.live.tasks.find(({ name }) => name === "began before")?.phase).toBe("done");
    expect(second!.end?.reason).toBe(EndReason.exit);
    expect(kindsOf(second!, "of before")).toEqual(["status", "release"]);
  });

  it("attaches to a program that is right: nothing is told of it, and who acted before is called so", async () => {
    const file = join(bench.folder, "well.locktrace");
    const env = { LOCKSCOPE_ENDPOINT: `file:${file}`, REGISTER: bench.register, LOCKSCOPE_TRACE: "" };
    const { code, stderr } = await bench.run("attach-well.ts", env, { untraced: true });
    expect([code, stderr]).toEqual([0, ""]);
    const store = storeOf(file);
    expect(new Watch().look(store, store.endTime)).toEqual([]);
    const held = store.live.locks.flatMap(({ id, name }) => {
      const by = new Set<string>();
      store.forEachEvent(({ kind, lock, task }) => {
        if (lock === id && (kind === EventKind.acquire || kind === EventKind.status))
          by.add(store.live.findTask(task)!.name);
      });
      return [[name, ...by]];
    });
    expect(held).toEqual([
      ["a", "(before the trace)", "takes b, then a"],
      ["b", "(before the trace)", "takes b, then a", "main or a task from before the trace"],
    ]);
  });

  it("stops where a lock is taken while another is held, and where one is waited for too long", async () => {
    const LOCKSCOPE_BREAK = JSON.stringify([
      { lock: "breaks.ts:28", whileHolding: "testdata/breaks.ts:27" },
      { lock: "outer", whileHolding: "inner" },
      { lock: "inner", waitedMs: 20 },
      { lock: "shared", waitedMs: 20 },
    ]);
    const { code, stdout, stream } = await bench.run("breaks.ts", { LOCKSCOPE_BREAK });
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "stopInDebugger in nests",
      "stopInDebugger in a timer",
      "stopInDebugger in main",
      "",
    ]);
    const { marks, lastStop } = stream!.store;
    expect(marks.map(({ stop, text, task, lock }) => [stop, text, task.name, lock?.name])).toEqual([
      [true, 'Mutex "inner" is taken while "outer" is held', "nests", "inner"],
      [true, 'Mutex "inner" has been waited for longer than 20 ms', "waits", "inner"],
      [true, 'SharedMutex "shared" was waited for longer than 20 ms', "main", "shared"],
    ]);
    expect(lastStop).toBe(marks.at(-1));
  });
});
