import { EndReason, EventKind, type TraceEvent, type TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TraceBench } from "../../testing/traced.js";
import { Commons } from "./commons.js";
import { defaults } from "./config.js";
import { Source } from "./flusher-source.js";
import { Control, RingState } from "./ring.js";
import { RingWriter } from "./ring-writer.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

function eventsOf(store: TraceStore, ...kinds: number[]): TraceEvent[] {
  const found: TraceEvent[] = [];
  store.forEachEvent((event) => {
    if (kinds.includes(event.kind)) found.push({ ...event });
  });
  return found;
}

const lockNamed = (store: TraceStore, name: string) => store.live.locks.find((lock) => lock.name === name);
const taskNamed = (store: TraceStore, name: string) => store.live.tasks.find((task) => task.name === name);

describe("threads of one program", () => {
  it("are in one trace, on one axis of time", async () => {
    const { code, stdout, stderr, stream } = await bench.run("threads.ts");
    expect([code, stdout, stderr]).toEqual([0, "1500\n", ""]);
    const { store, complete } = stream!;
    expect([complete, store.dropped]).toEqual([true, 0]);
    expect(
      store.live.tasks.map(({ name, thread, phase }) => [name.replace(/\d+/, "?"), thread, phase]),
    ).toEqual(
      expect.arrayContaining([
        ["main", 0, "running"],
        ["worker ?", 1, "done"],
        ["worker ?", 2, "done"],
        ["counts", 0, "done"],
        ["counts", 1, "done"],
        ["counts", 2, "done"],
      ]),
    );
    const mu = lockNamed(store, "mu")!;
    expect([mu.uses, mu.holders.size, mu.waiters.size]).toEqual([1500, 0, 0]);
    expect(store.sites.get(mu.site)).toMatchObject({ line: 28 });
    // In the order of time, whoever takes the lock takes it from nobody.
    let holder: number | undefined;
    for (const { kind, task, lock } of eventsOf(store, EventKind.acquire, EventKind.release)) {
      if (lock !== mu.id) continue;
      expect(holder).toBe(kind === EventKind.acquire ? undefined : task);
      holder = kind === EventKind.acquire ? task : undefined;
    }
  });

  it("are seen while the main thread is frozen", async () => {
    const program = bench.start("frozen-main.ts", { LOCKSCOPE_TRACE: bench.address });
    const before = bench.streams.length;
    await vi.waitUntil(() => bench.streams.length > before, { timeout: 20_000 });
    const { store } = bench.streams.at(-1)!;
    await vi.waitUntil(() => lockNamed(store, "of the worker")?.uses === 1000, { timeout: 20_000 });
    program.child.kill("SIGKILL");
    await program.end;
  });

  it("may end in order, by an error, killed, or with their parent", async () => {
    const { code, stream } = await bench.run("thread-ends.ts");
    expect(code).toBe(0);
    const { store, complete } = stream!;
    expect(complete).toBe(true);
    const holders = ["ends", "throws", "is killed", "is a parent", "is a child"].map((who) => {
      const { task } = lockNamed(store, `of who ${who}`)!.holders.oldest!;
      return [task.thread, task.phase];
    });
    expect(holders).toEqual([
      [1, "done"],
      [2, "panicked"],
      [3, "panicked"],
      [4, "panicked"],
      [5, "panicked"],
    ]);
    expect(taskNamed(store, "main")?.phase).toBe("running");
  });
});

describe("a lock whose thread was killed", () => {
  it("is given back in the trace, and taken by whoever is told of it", async () => {
    const { code, stdout, stream } = await bench.run("owner-died.ts");
    expect([code, stdout]).toEqual([0, "owner-died\n"]);
    const { store } = stream!;
    const rows = eventsOf(store, EventKind.acquire, EventKind.release).map(({ kind, thread }) => [
      kind,
      thread,
    ]);
    expect(rows).toEqual([
      [EventKind.acquire, 1],
      [EventKind.release, 0],
      [EventKind.acquire, 0],
      [EventKind.release, 0],
    ]);
    expect(store.marks.map(({ text, lock }) => [text, lock?.name])).toEqual([
      ['the thread that held SharedMutex "mu" has ended', "mu"],
    ]);
    expect(lockNamed(store, "mu")!.holders.size).toBe(0);
  });
});

describe("a deadlock of threads", () => {
  it.each([
    ["of threads that block", "blocks", /task "worker \d+"/g],
    ["of tasks in two threads", "tasks", /task "waits"/g],
  ])("%s is told while it lasts", async (_, how, who) => {
    const program = bench.start("thread-deadlock.ts", {}, { args: [how] });
    await vi.waitUntil(() => program.output.stderr.includes("deadlock!"), { timeout: 20_000 });
    const { stderr } = program.output;
    expect(stderr).toContain("These 2 tasks wait for each other for ever");
    expect(stderr).toMatch(
      /waits for SharedMutex "a" \(testdata\/thread-deadlock.ts:\d+:\d+, .*\), held by /,
    );
    expect(stderr).toMatch(/waits for SharedMutex "b" .*\(taken at testdata\/thread-deadlock.ts:\d+:\d+,/);
    expect(stderr.match(who)!.length).toBeGreaterThanOrEqual(4);
    expect(program.child.exitCode).toBeNull();
    program.child.kill("SIGKILL");
    await program.end;
    expect(program.output.stderr.match(/deadlock!/g)).toHaveLength(1);
  });

  it("is told of a main thread that blocks, too", async () => {
    const program = bench.start("thread-deadlock.ts", {}, { args: ["main"] });
    await vi.waitUntil(() => program.output.stderr.includes("deadlock!"), { timeout: 20_000 });
    expect(program.output.stderr).toMatch(/the main program waits for SharedMutex "a"/);
    program.child.kill("SIGKILL");
    await program.end;
  });

  it("is told of tasks that only stand in threads which others have stopped", async () => {
    const program = bench.start("thread-deadlock.ts", {}, { args: ["stops"] });
    await vi.waitUntil(() => program.output.stderr.includes("deadlock!"), { timeout: 20_000 });
    const { stderr } = program.output;
    expect(stderr).toContain("These 4 tasks wait for each other for ever");
    expect(stderr).toMatch(
      /task "keeps" cannot run: its thread is stopped by task "worker \d+", which waits for SharedMutex "a" \(testdata\/thread-deadlock.ts:\d+:\d+, /,
    );
    program.child.kill("SIGKILL");
    await program.end;
  });

  it.each(["ordered", "runs"])("is none if they keep to one order, or go on meanwhile: %s", async (how) => {
    const { code, stdout, stderr } = await bench.run("thread-deadlock.ts", {}, { args: [how] });
    expect([code, stdout, stderr]).toEqual([0, "done\n", ""]);
  });
});

describe("many workers", { timeout: 60_000 }, () => {
  beforeAll(() => bench.bundle("many-threads.ts"));
  // Each starts in a fifth of the time if it does not prepare files.
  const env = { LOCKSCOPE_SITES: "stack", LOCKSCOPE_ADAPT: "none" };
  const run = (...args: string[]) => bench.run("many-threads.mjs", env, { bundled: true, args });

  it("that are alive at the same time are in the trace, all of them", async () => {
    const { code, stderr, stream } = await run("all alive", "80");
    expect([code, stderr]).toEqual([0, ""]);
    const { store, complete } = stream!;
    expect([complete, store.dropped]).toEqual([true, 0]);
    const uses = store.live.locks.filter(({ name }) => name.startsWith("of ")).map(({ uses }) => uses);
    expect(uses).toEqual(Array.from({ length: 80 }, () => 100));
    expect(store.live.tasks.filter(({ phase }) => phase === "done")).toHaveLength(80);
  });

  it("that are ended as they write leave whole rows, and are said to have ended", async () => {
    const { code, stderr, stream } = await run("ended as they write", "50");
    expect([code, stderr]).toEqual([0, ""]);
    const { store, complete } = stream!;
    expect([complete, store.end?.reason]).toEqual([true, EndReason.exit]);
    const held = new Map<number, number>();
    for (const { kind, lock } of eventsOf(store, EventKind.acquire, EventKind.release)) {
      held.set(lock, (held.get(lock) ?? 0) + (kind === EventKind.acquire ? 1 : -1));
      expect([0, 1]).toContain(held.get(lock));
    }
    expect(held.size).toBe(50);
    const ended = store.live.tasks.filter(({ phase }) => phase === "done" || phase === "panicked");
    expect(ended).toHaveLength(50);
  });

  it("that are blocked do not keep the program from ending, nor its trace", async () => {
    const { code, stream } = await run("blocked at the end", "3");
    expect(code).toBe(0);
    const { store, complete } = stream!;
    expect([complete, store.end?.reason]).toEqual([true, EndReason.exit]);
    expect(lockNamed(store, "shared")?.contentions).toBe(3);
  });
});

describe("the rings of workers", () => {
  it("go from one thread to the next once they are empty", () => {
    const commons = new Commons(Commons.create(defaults).memory);
    const numbers: number[] = [];
    for (let round = 0; round < 200; round++) {
      const ring = commons.claim(0)!;
      new RingWriter(ring).row(round, EventKind.send, 0, 0, 1, 1);
      const source = new Source(ring);
      expect(source.ended).toBe(false);
      commons.ended(ring.control[Control.nodeThread]!);
      expect(source.ended).toBe(true);
      expect(source.next(source.head)?.rows).toBe(1);
      expect(source.next(source.head)).toBeUndefined();
      source.free();
      numbers.push(ring.control[Control.thread]!);
    }
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, round) => round + 1));
  });

  it("are refused when all are taken, and taken back from the workers of a thread that has ended", () => {
    const commons = new Commons(Commons.create(defaults).memory);
    let claimed = 0;
    while (commons.claim(7) !== undefined) claimed++;
    expect([claimed, commons.leftOut]).toEqual([1024, 1]);
    commons.ended(7);
    expect(commons.rings().every(({ control }) => control[Control.state] === RingState.ended)).toBe(true);
  });
});
