import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import {
  EndReason,
  eventText,
  findDeadlocks,
  readTrace,
  type TraceEvent,
  TraceStore,
  waitingTasks,
} from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Stream, TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Rows by kind, `acquire` and `release` of one lock if it is named. */
function count(store: TraceStore, kind: number): number {
  let found = 0;
  store.forEachEvent((event) => {
    if (event.kind === kind) found++;
  });
  return found;
}

/** The events as the text form shows them, without their times and with file names for paths. */
function texts(store: TraceStore): string[] {
  const lines: string[] = [];
  store.forEachEvent((event: TraceEvent) => {
    const text = eventText(store, event).replace(/^ *[\d.]+ +#\d+ */, "");
    lines.push(text.replace(/ {2,}/g, " ").replace(/at \S*\/(\S+) ?\(?.*$/, "at $1"));
  });
  return lines;
}

const lockNames = (store: TraceStore) => store.live.locks.map((lock) => lock.name);
const acquire = 4;
const release = 7;

describe("a trace", () => {
  it.each(["all", "blocked", "off"])(
    "of 100,000 lock operations arrives complete (stacks: %s)",
    async (stacks) => {
      const { code, stdout, stderr, stream } = await bench.run("hundred-thousand.ts", {
        LOCKSCOPE_STACKS: stacks,
      });
      expect([code, stdout, stderr]).toEqual([0, "100000\n", ""]);
      const { store, prelude, complete } = stream!;
      expect(complete).toBe(true);
      expect(store.dropped).toBe(0);
      expect(count(store, acquire)).toBe(100_000);
      expect(count(store, release)).toBe(100_000);
      expect(store.live.locks.every((lock) => lock.holders.size === 0 && lock.waiters.size === 0)).toBe(true);
      expect(store.live.locks.reduce((uses, lock) => uses + lock.uses, 0)).toBe(100_000);
      expect(store.live.tasks.map((task) => [task.name, task.phase])).toEqual([
        ["main", "running"],
        ...Array.from({ length: 10 }, (_, n) => [`worker ${n}`, "done"]),
      ]);
      expect(store.end?.reason).toBe(EndReason.exit);
      expect(prelude).toMatchObject({ token: "secret", meta: { program: "hundred-thousand.ts" } });
    },
  );

  it.each(["operations", "sync-operations", "group-operations", "shared-operations"])(
    "says what happened, to what, and where in the program's own source: %s",
    async (program) => {
      const { code, stderr, stream } = await bench.run(`${program}.ts`);
      expect([code, stderr]).toEqual([0, ""]);
      await expect(texts(stream!.store).join("\n")).toMatchFileSnapshot(`../../testdata/${program}.txt`);
    },
  );

  it("names locks after where they are kept, and tasks after their function", async () => {
    const { stream } = await bench.run("names.ts");
    const { live } = stream!.store;
    expect(lockNames(stream!.store)).toEqual([
      "plain",
      "typed",
      "field",
      "hidden",
      "late",
      "field#2",
      "hidden#2",
      "late#2",
      "property",
      expect.stringMatching(/^Mutex#\d+$/),
      "given",
      "brokenOverALine",
    ]);
    expect(live.locks.find((lock) => lock.name === "property")?.capacity).toBe(7);
    expect(live.tasks.map((task) => task.name)).toEqual(["main", "worker", "task#2"]);
  });

  it("arrives while the program's thread is frozen", async () => {
    const program = bench.start("frozen.ts", { LOCKSCOPE_TRACE: bench.address });
    const streams = bench.streams.length;
    await vi.waitUntil(() => bench.streams.length > streams, { timeout: 20_000 });
    const stream = bench.streams.at(-1)!;
    await vi.waitUntil(() => count(stream.store, release) === 1000, { timeout: 20_000 });
    expect(program.child.exitCode).toBeNull();
    program.child.kill("SIGKILL");
    await program.end;
    expect(stream.store.live.tasks.find((task) => task.name === "freezes")?.phase).toBe("running");
  });

  it("of a program that is over at once arrives too", async () => {
    const { code, stream } = await bench.run("short.ts");
    expect(code).toBe(0);
    expect(stream!.complete).toBe(true);
    expect(texts(stream!.store)).toEqual([
      '"main" acquire mutex#1 "only" exclusive at short.ts:3:35',
      '"main" programEnd exit',
    ]);
  });

  it("tells of process.exit in the middle of it", async () => {
    const { code, stderr, stream } = await bench.run("exit-in-the-middle.ts");
    expect([code, stderr]).toEqual([3, ""]);
    const { store } = stream!;
    expect([count(store, acquire), count(store, release)]).toEqual([1000, 999]);
    expect(store.live.locks[0]!.holders.oldest?.task.name).toBe("exits");
    expect(store.end?.reason).toBe(EndReason.exit);
  });

  it("tells of an uncaught exception", async () => {
    const { code, stderr, stream } = await bench.run("uncaught.ts");
    expect(code).toBe(1);
    expect(stderr).toContain("nobody catches this");
    expect(stderr).not.toContain("lockscope");
    expect(stream!.store.end?.reason).toBe(EndReason.uncaught);
    expect(stream!.store.live.tasks.find((task) => task.name === "throws")?.phase).toBe("panicked");
  });

  it("goes to a file as well, replacing what was there", async () => {
    const file = join(bench.folder, "bank.locktrace");
    for (let run = 0; run < 2; run++) await bench.run("two-cycle.ts", { LOCKSCOPE_TRACE: `file:${file}` });
    const { prelude, batches, end } = readTrace(readFileSync(file));
    expect(end).toMatchObject({ truncated: false });
    expect(prelude?.token).toBe("secret");
    const store = new TraceStore();
    for (const batch of batches) store.append(batch);
    expect(store.end?.reason).toBe(EndReason.stuck);
  });

  it("goes to a loopback port", async () => {
    const server = createServer();
    const connected = new Promise<Stream>((resolve) => {
      server.on("connection", (socket) => {
        bench.server.emit("connection", socket);
        resolve(bench.streams.at(-1)!);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await bench.run("short.ts", { LOCKSCOPE_TRACE: `tcp:127.0.0.1:${port}` });
    expect((await connected).store.end?.reason).toBe(EndReason.exit);
    server.close();
  });

  it("says how many rows were lost to a listener that does not keep up, and is right again afterwards", async () => {
    const streams = bench.streams.length;
    const program = bench.start("flood.ts", { LOCKSCOPE_TRACE: bench.address, LOCKSCOPE_STACKS: "off" });
    await vi.waitUntil(() => bench.streams.length > streams, { timeout: 20_000 });
    const { socket, store } = bench.streams.at(-1)!;
    socket.pause();
    await vi.waitUntil(() => program.output.stdout === "flooded\n", { timeout: 20_000 });
    socket.resume();
    program.child.send("go on");
    await program.end;
    await vi.waitUntil(() => bench.streams.at(-1)!.closed);
    expect(store.dropped).toBeGreaterThan(0);
    expect(store.end?.reason).toBe(EndReason.exit);
    const held = store.live.locks.find((lock) => lock.name === "held all along")!;
    expect(held.holders.oldest?.task.name).toBe("main");
    expect(held.waiters.oldest?.task.name).toBe("waits all along");
    // What was written, lost or not: two rows a round, and a handful around them.
    const rows = store.eventCount + store.dropped;
    expect(rows).toBeGreaterThan(1_200_000);
    expect(rows).toBeLessThan(1_203_000);
  });
});

describe("a program that is stuck", () => {
  it("in a cycle of two: who waits for whom, since when, and where", async () => {
    const { code, stderr, stream } = await bench.run("two-cycle.ts");
    expect(code).toBe(13);
    expect(stderr.replace(/(?:less than )?\d+ ms/g, "? ms")).toContain(
      `lockscope: fatal error: all tasks are asleep - deadlock!
cycle:
  task "withdraw" waits for Mutex "b" (testdata/two-cycle.ts:13:15, for ? ms), held by task "deposit" (taken at testdata/two-cycle.ts:11:17, ? ms ago)
  task "deposit" waits for Mutex "a" (testdata/two-cycle.ts:13:15, for ? ms), held by task "withdraw" (taken at testdata/two-cycle.ts:11:17, ? ms ago)
also waiting:
  the main program waits for the end of task "withdraw" (testdata/two-cycle.ts:21:16, for ? ms)
`,
    );
    const { store } = stream!;
    expect(store.end?.reason).toBe(EndReason.stuck);
    const { cycles, behind } = findDeadlocks(store.live, { ended: true });
    expect(cycles.map(({ edges }) => edges.map(({ from }) => from.name))).toEqual([["withdraw", "deposit"]]);
    expect(behind.map((task) => task.name)).toEqual(["main"]);
    expect(store.marks.map(({ text }) => text)).toEqual(["deadlock: withdraw → deposit → withdraw"]);
  });

  it("says the same without a trace, and without stacks it says less", async () => {
    const plain = await bench.run("two-cycle.ts", { LOCKSCOPE_TRACE: "" });
    expect(plain.streams).toEqual([]);
    expect(plain.stderr).toContain('task "withdraw" waits for Mutex "b" (testdata/two-cycle.ts:13:15, for ');
    const terse = await bench.run("two-cycle.ts", { LOCKSCOPE_TRACE: "", LOCKSCOPE_STACKS: "off" });
    expect(terse.stderr).toMatch(
      /task "withdraw" waits for Mutex "b" \(for [^)]* ms\), held by task "deposit" \(taken \d+ ms ago\)\n/,
    );
  });

  it("in a cycle through the read side", async () => {
    const { code, stderr, stream } = await bench.run("rw-cycle.ts", { LOCKSCOPE_RELOCK: "wait" });
    expect(code).toBe(1);
    expect(stderr).toContain("deadlock!");
    expect(stderr).toMatch(
      /task "first" waits for RWMutex "rates" \(testdata\/rw-cycle.ts:10:19, for .* ms\), read-held by task "second" \(taken at testdata\/rw-cycle.ts:8:19, \d+ ms ago\)/,
    );
    expect(findDeadlocks(stream!.store.live, { ended: true }).cycles.length).toBeGreaterThan(0);
  });

  it("in a cycle through a semaphore's permits", async () => {
    const { code, stderr, stream } = await bench.run("semaphore-cycle.ts");
    expect(code).toBe(13);
    expect(stderr).toContain("deadlock!");
    expect(stderr).toMatch(
      /task "first" waits for Semaphore "seats" \(testdata\/semaphore-cycle.ts:9:15, for .* ms\), held by task "second"/,
    );
    expect(findDeadlocks(stream!.store.live, { ended: true }).cycles.length).toBeGreaterThan(0);
  });

  it("in a cycle by a reader that queues behind a writer", async () => {
    const { code, stderr } = await bench.run("reader-behind-writer.ts", { LOCKSCOPE_RELOCK: "wait" });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /task "reader" waits to read RWMutex "rates" \(.*\), behind task "writer", a writer that came first/,
    );
    expect(stderr).toMatch(/task "writer" waits for RWMutex "rates" \(.*\), read-held by task "reader"/);
  });

  it("or would be: a task that locks again what it holds gets an error, which says where it was locked", async () => {
    for (const [program, code, place] of [
      ["rw-cycle.ts", "reentrant-lock", "8:19"],
      ["reader-behind-writer.ts", "recursive-read-lock", "7:17"],
    ]) {
      const { code: status, stderr, stream } = await bench.run(program!);
      expect(status).toBe(1);
      expect(stderr).toContain("SyncError: sync: deadlock: a task locks again the RWMutex that it holds");
      expect(stderr).toContain(`code: '${code}'`);
      expect(stderr).toContain("primitive: 'rates'");
      expect(stderr).toContain(`lockedAt: 'testdata/${program}:${place}'`);
      const mark = expect.stringMatching(/^"\w+" mark rwmutex#1 "rates" error$/);
      expect(texts(stream!.store)).toEqual(expect.arrayContaining([mark]));
    }
  });

  it("in its main part, outside every task", async () => {
    const { code, stderr } = await bench.run("main-waits.ts");
    expect(code).toBe(1);
    expect(stderr).toContain("fatal error: all tasks are asleep - deadlock!");
    expect(stderr).toMatch(
      /the main program waits for Mutex "mu" \(.*7:12, for .* ms\), which it has itself \(taken at .*6:12, .* ms ago\)/,
    );
  });

  it("only in tasks that were left behind: a warning, the exit status untouched", async () => {
    const { code, stdout, stderr, stream } = await bench.run("leak.ts");
    expect([code, stdout]).toEqual([0, "job 1\nmain is done\n"]);
    expect(
      stderr.replace(/for (?:less than )?\d+ ms/g, "for ? ms"),
    ).toBe(`lockscope: warning: the program has ended, and left 3 waits that will never end (leaked tasks):
  task "waiter" waits for WaitGroup "wg", still at 2 (testdata/leak.ts:25:13, for ? ms)
  task "worker" waits to receive from Channel "jobs" (testdata/leak.ts:9:22, for ? ms)
  task "producer" waits to receive from Channel "quit" or receive from Channel "nil" (testdata/leak.ts:16:11, for ? ms)
`);
    expect(stream!.store.end?.reason).toBe(EndReason.stuck);
    expect(
      waitingTasks(stream!.store.live)
        .map(({ task }) => task.name)
        .sort(),
    ).toEqual(["producer", "waiter", "worker"]);
  });

  it("behind a task that ended without unlocking", async () => {
    const { code, stderr } = await bench.run("ended-holder.ts");
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /task "patient" waits for Mutex "mu" \(.*\), held by task "forgetful" \(taken at .*; it has ended\)/,
    );
  });

  it("in part: the cycle is told while the rest goes on, those that may give up left out", async () => {
    const program = bench.start("partial.ts");
    await vi.waitUntil(() => program.output.stderr.includes('task "other" waits'), { timeout: 20_000 });
    expect(program.output.stderr).toContain("lockscope: deadlock! These 2 tasks wait for each other");
    expect(program.output.stderr).toContain('task "one" waits for Mutex "b"');
    expect(program.output.stderr).not.toContain("patient");
    expect(program.child.exitCode).toBeNull();
    program.child.kill();
    await program.end;
  });
});

describe("the program comes first", () => {
  it.each([
    ["no listener", { LOCKSCOPE_TRACE: "pipe:/nonexistent/lockscope.sock" }, "cannot be written to"],
    ["no such folder", { LOCKSCOPE_TRACE: "file:/nonexistent/x.locktrace" }, "cannot be written to"],
    ["a host elsewhere", { LOCKSCOPE_TRACE: "tcp:192.0.2.1:80" }, "LOCKSCOPE_TRACE is"],
    ["a bad setting", { LOCKSCOPE_STACKS: "some" }, "LOCKSCOPE_STACKS is"],
  ])("%s: one line on the terminal, and it runs untraced", async (_, env, message) => {
    const { code, stdout, stderr } = await bench.run("hundred-thousand.ts", env);
    expect([code, stdout]).toEqual([0, "100000\n"]);
    expect(stderr).toContain(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  it("a listener that hangs up in the middle", async () => {
    const hangUp = (socket: { destroy(): void }) => socket.destroy();
    bench.server.once("connection", hangUp);
    const { code, stdout, stderr } = await bench.run("hundred-thousand.ts");
    expect([code, stdout]).toEqual([0, "100000\n"]);
    expect(stderr).toMatch(/^lockscope: no trace, .*\n$/);
  });

  it("being preloaded twice is being preloaded once", async () => {
    const NODE_OPTIONS = `--import ${bench.register}`;
    const { streams, stderr } = await bench.run("short.ts", { NODE_OPTIONS });
    expect([streams.length, stderr]).toEqual([1, ""]);
  });

  it("each process sends a stream of its own", async () => {
    const { code, streams } = await bench.run("parent.ts", {}, { byNodeOptions: true });
    expect(code).toBe(0);
    expect(streams.every(({ complete }) => complete)).toBe(true);
    expect(new Set(streams.map(({ prelude }) => prelude?.pid)).size).toBe(2);
  });

  it("processes that are told of one file do not write over each other", async () => {
    const file = join(bench.folder, "family.locktrace");
    await bench.run("parent.ts", { LOCKSCOPE_TRACE: `file:${file}` }, { byNodeOptions: true });
    const written = readdirSync(bench.folder).filter((name) => name.startsWith("family"));
    expect(written).toEqual([expect.stringMatching(/^family\.\d+\.locktrace$/), basename(file)]);
    for (const name of written) {
      expect(readTrace(readFileSync(join(bench.folder, name))).end.truncated).toBe(false);
    }
  });
});
