import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBatch } from "./batch.js";
import { findDeadlocks } from "./deadlocks.js";
import { ID_BLOCK } from "./definitions.js";
import { TraceFollower } from "./follower.js";
import type { Lane } from "./lane.js";
import { LiveState } from "./live-state.js";
import { ROW_WORDS } from "./row.js";
import { EndReason, EventKind, LockKind, MarkLevel, Mode, Severity, Status } from "./schema.js";
import { longestWait } from "./state.js";
import { TraceStore } from "./store.js";
import { StreamReader } from "./stream-reader.js";
import { TraceBuilder } from "./trace-builder.js";

function load(...builders: TraceBuilder[]): TraceStore {
  const store = new TraceStore();
  for (const builder of builders) {
    for (const batch of new StreamReader({ prelude: false }).push(builder.bytes())) store.append(batch);
  }
  return store;
}

describe("TraceStore", () => {
  it("says who holds, who waits, since when and where", () => {
    const b = new TraceBuilder();
    const site = b.site("/srv/bank.ts", 12, 9, "transfer");
    const mu = b.lock(LockKind.mutex, "accounts", site);
    const [one, two] = [b.task("one", site), b.task("two", site)];
    b.time = 1;
    b.row({ kind: EventKind.acquire, task: one, lock: mu, site });
    b.time = 2;
    b.row({ kind: EventKind.block, task: two, lock: mu, site });
    const store = load(b);
    const lock = store.live.findLock(mu)!;
    expect(lock).toMatchObject({ kind: LockKind.mutex, name: "accounts", uses: 1, contentions: 1 });
    expect([...lock.holders]).toMatchObject([{ task: { name: "one" }, since: 1, mode: 0 }]);
    expect([...lock.waiters]).toMatchObject([{ task: { name: "two" }, since: 2 }]);
    expect(store.sites.get(lock.site)).toEqual({
      file: "/srv/bank.ts",
      line: 12,
      column: 9,
      func: "transfer",
    });
    expect(store.live.findTask(two)!.phase).toBe("waiting");
    expect(longestWait(lock, 10)).toBe(8);
    expect(store.live.waitingTasks).toBe(1);

    b.time = 5;
    b.row({ kind: EventKind.release, task: one, lock: mu });
    b.row({ kind: EventKind.unblock, task: two, lock: mu });
    b.time = 6;
    b.row({ kind: EventKind.acquire, task: two, lock: mu });
    const later = load(b);
    const after = later.live.findLock(mu)!;
    expect([...after.holders].map(({ task }) => task.name)).toEqual(["two"]);
    expect(after).toMatchObject({ maxWait: 3, maxHold: 4, uses: 2 });
    expect(later.live.waitingTasks).toBe(0);
    expect(later.eventCount).toBe(7);
  });

  it("draws holding, blocking and waiting into the lanes", () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    const at = (time: number, kind: EventKind, task: number) => {
      b.time = time;
      b.row({ kind, task, lock: mu });
    };
    at(1, EventKind.acquire, one);
    at(2, EventKind.block, two);
    at(5, EventKind.release, one);
    at(5, EventKind.unblock, two);
    at(6, EventKind.acquire, two);
    at(8, EventKind.release, two);
    const { live } = load(b);
    const { start, end, severity } = live.spans;
    const drawn = (lane: Lane) => Array.from(lane.spans, (span) => [start[span], end[span], severity[span]]);
    expect(drawn(live.findTask(one)!.lane)).toEqual([
      [1, 2, Severity.hold],
      [2, 5, Severity.blocking],
    ]);
    expect(drawn(live.findTask(two)!.lane)).toEqual([
      [2, 5, Severity.wait],
      [6, 8, Severity.hold],
    ]);
    expect(drawn(live.findLock(mu)!.lane)).toEqual([
      [1, 2, Severity.hold],
      [2, 5, Severity.blocking],
      [6, 8, Severity.hold],
    ]);
  });

  it("shows a task that sleeps with a lock in hand as holding it", () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const task = b.task("sleeper");
    const rows: [number, EventKind, Mode, number][] = [
      [1, EventKind.acquire, Mode.exclusive, mu],
      [2, EventKind.block, Mode.sleep, 0],
      [5, EventKind.unblock, Mode.sleep, 0],
      [6, EventKind.release, Mode.exclusive, mu],
      [7, EventKind.block, Mode.sleep, 0],
      [9, EventKind.unblock, Mode.sleep, 0],
    ];
    for (const [time, kind, arg, lock] of rows) {
      b.time = time;
      b.row({ kind, task, arg, lock });
    }
    const { live } = load(b);
    const { start, end, severity } = live.spans;
    const { spans } = live.findTask(task)!.lane;
    expect(Array.from(spans, (span) => [start[span], end[span], severity[span]])).toEqual([
      [1, 6, Severity.hold],
      [7, 9, Severity.idle],
    ]);
  });

  it("keeps readers apart from the writer, and lets any task release", () => {
    const b = new TraceBuilder();
    const rw = b.lock(LockKind.rwmutex, "rw");
    const [r1, r2, w] = [b.task("r1"), b.task("r2"), b.task("w")];
    const shared = { lock: rw, arg: Mode.shared };
    b.row({ kind: EventKind.acquire, task: r1, ...shared });
    b.row({ kind: EventKind.acquire, task: r2, ...shared });
    b.row({ kind: EventKind.acquire, task: r2, ...shared });
    const names = (store: TraceStore) => [...store.live.findLock(rw)!.holders].map(({ task }) => task.name);
    expect(names(load(b))).toEqual(["r1", "r2"]);
    b.row({ kind: EventKind.release, task: w, ...shared });
    expect(names(load(b))).toEqual(["r2"]);
    b.row({ kind: EventKind.release, task: r2, ...shared });
    expect(names(load(b))).toEqual(["r2"]);
    b.row({ kind: EventKind.release, task: r2, ...shared });
    expect(names(load(b))).toEqual([]);
    b.row({ kind: EventKind.acquire, task: r1, ...shared });
    b.row({ kind: EventKind.acquire, task: w, lock: rw });
    expect(names(load(b))).toEqual(["w"]);
  });

  it("counts a WaitGroup, a channel and a semaphore", () => {
    const b = new TraceBuilder();
    const wg = b.lock(LockKind.waitgroup, "wg");
    const ch = b.lock(LockKind.channel, "ch", 0, 3);
    const sem = b.lock(LockKind.semaphore, "sem", 0, 10);
    const task = b.task("t");
    b.row({ kind: EventKind.add, task, lock: wg, value: 100_000 });
    b.row({ kind: EventKind.add, task, lock: wg, arg: -1 });
    b.row({ kind: EventKind.send, task, lock: ch });
    b.row({ kind: EventKind.send, task, lock: ch });
    b.row({ kind: EventKind.recv, task, lock: ch });
    b.row({ kind: EventKind.close, task, lock: ch });
    b.row({ kind: EventKind.recv, task, lock: ch });
    b.row({ kind: EventKind.recv, task, lock: ch, arg: 1 });
    b.row({ kind: EventKind.acquire, task, lock: sem, value: 4 });
    b.row({ kind: EventKind.release, task, lock: sem, value: 1 });
    const { live } = load(b);
    expect(live.findLock(wg)!.amount).toBe(99_999);
    expect(live.findLock(ch)!).toMatchObject({ amount: 0, closed: true, capacity: 3, uses: 2 });
    expect([...live.findLock(sem)!.holders]).toMatchObject([{ count: 3 }]);
  });

  it("waits for any case of a select, and for each of several forked calls", () => {
    const b = new TraceBuilder();
    const [a, c] = [b.lock(LockKind.channel, "a"), b.lock(LockKind.channel, "c")];
    const mu = b.lock(LockKind.mutex, "mu");
    const task = b.task("t");
    b.row({ kind: EventKind.block, arg: Mode.selectReceive, task, lock: a });
    b.row({ kind: EventKind.block, arg: Mode.selectSend, task, lock: c });
    const selecting = load(b).live.findTask(task)!;
    expect(selecting.waits.size).toBe(2);
    expect(selecting.forked).toBe(false);
    b.time = 1;
    b.row({ kind: EventKind.unblock, arg: Mode.selectSend, task, lock: c });
    const { live } = load(b);
    expect(live.findTask(task)!.phase).toBe("running");
    expect(live.findLock(a)!.waiters.size).toBe(0);

    b.row({ kind: EventKind.block, task, lock: mu });
    b.row({ kind: EventKind.block, task, lock: mu });
    b.row({ kind: EventKind.unblock, task, lock: mu });
    b.row({ kind: EventKind.acquire, task, lock: mu });
    const forked = load(b).live.findTask(task)!;
    expect(forked).toMatchObject({ forked: true, phase: "waiting" });
    expect(forked.waits.size).toBe(1);
    expect(forked.holds.size).toBe(1);
  });

  it("ends joins, sleeps and nil channels, which have no lock", () => {
    const b = new TraceBuilder();
    const [one, two] = [b.task("one"), b.task("two")];
    b.row({ kind: EventKind.block, arg: Mode.join, task: one, lock: two });
    expect([...load(b).live.findTask(one)!.waits]).toMatchObject([
      { joins: { name: "two" }, mode: Mode.join },
    ]);
    b.row({ kind: EventKind.taskEnd, task: two, arg: 1 });
    b.row({ kind: EventKind.unblock, arg: Mode.join, task: one, lock: two });
    b.row({ kind: EventKind.block, arg: Mode.sleep, task: one });
    b.row({ kind: EventKind.unblock, arg: Mode.sleep, task: one });
    const { live } = load(b);
    expect(live.findTask(one)!.phase).toBe("running");
    expect(live.findTask(two)!.phase).toBe("panicked");
    expect(live.locks).toHaveLength(0);
    expect(live.liveTasks).toBe(1);
  });

  it("restates what was so before the trace began", () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    b.definitions.task(70_000, 0, 0, 0, "old");
    b.row({ kind: EventKind.status, arg: Status.holdsExclusive, task: 70_000, lock: mu });
    b.row({ kind: EventKind.status, arg: Status.waits + Mode.exclusive, task: 70_001, lock: mu });
    b.row({ kind: EventKind.status, arg: Status.waits + Mode.exclusive, task: 70_001, lock: mu });
    const lock = load(b).live.findLock(mu)!;
    expect([...lock.holders].map(({ task }) => task.name)).toEqual(["old"]);
    expect(lock.waiters.size).toBe(1);
    expect(lock.uses).toBe(0);
  });

  it("counts what was dropped and repairs itself", () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    b.row({ kind: EventKind.acquire, task: one, lock: mu });
    b.row({ kind: EventKind.block, task: two, lock: mu });
    b.flush();
    // Lost here: one's release, two's unblock.
    b.row({ kind: EventKind.acquire, task: two, lock: mu });
    b.flush({ dropped: 2 });
    const store = load(b);
    expect(store.dropped).toBe(2);
    expect([...store.live.findLock(mu)!.holders].map(({ task }) => task.name)).toEqual(["two"]);
    expect(store.live.findTask(two)!.phase).toBe("running");
    expect(store.live.findTask(one)!.holds.size).toBe(0);
  });

  it("notices batches that never came", () => {
    const store = new TraceStore();
    const rows = new Int32Array(3 * ROW_WORDS);
    const push = (firstSeq: number) => {
      const bytes = encodeBatch({ base: 0, firstSeq }, new Uint8Array(0), rows);
      for (const batch of new StreamReader({ prelude: false }).push(bytes)) store.append(batch);
    };
    push(0xffff_fffe);
    push(1);
    expect(store.dropped).toBe(0);
    push(104);
    expect(store.dropped).toBe(100);
  });

  it("keeps marks, the end, and skips kinds it does not know", () => {
    const b = new TraceBuilder();
    const text = b.definitions.string("unlock of unlocked mutex");
    b.row({ kind: EventKind.mark, arg: MarkLevel.error, value: text });
    b.row({ kind: 250 as EventKind, task: 3, lock: 9 });
    b.time = 12;
    b.row({ kind: EventKind.programEnd, arg: EndReason.stuck });
    const store = load(b);
    expect(store.marks).toMatchObject([{ text: "unlock of unlocked mutex", task: { name: "main" } }]);
    expect(store.end).toEqual({ time: 12, reason: EndReason.stuck });
    expect(store.eventCount).toBe(3);
    expect([store.startTime, store.endTime]).toEqual([0, 12]);
  });

  it("keeps the last stop of a lock breakpoint, and shows each as a mark", () => {
    const b = new TraceBuilder();
    const [mu, task] = [b.lock(LockKind.mutex, "mu"), b.task("clerk")];
    const value = b.definitions.string("waited for too long");
    for (b.time = 1; b.time <= 10_002; b.time++) b.row({ kind: EventKind.stop, task, lock: mu, value });
    const { marks, lastStop } = load(b);
    expect(marks).toHaveLength(10_000);
    expect(marks[0]).toMatchObject({ time: 1, level: MarkLevel.warning, stop: true, lock: { name: "mu" } });
    expect(lastStop).toMatchObject({ time: 10_002, text: "waited for too long", task: { name: "clerk" } });
  });

  it("gives a place of two threads one number, and reads sites past 65,535", () => {
    const [a, b] = [new TraceBuilder(), new TraceBuilder({ thread: 1 })];
    b.site("/other.ts", 1);
    const mu = a.lock(LockKind.mutex, "m", a.site("/x.ts", 5));
    const other = b.lock(LockKind.mutex, "m2", b.site("/x.ts", 5));
    for (let line = 1; line <= 65_600; line++) a.site("/many.ts", line);
    a.row({ kind: EventKind.acquire, task: 0, lock: mu, site: a.site("/many.ts", 65_600), value: 1 });
    const store = load(a, b);
    expect(store.live.findLock(other)!.site).toBe(store.live.findLock(mu)!.site);
    expect(other).toBeGreaterThanOrEqual(ID_BLOCK);
    const hold = store.live.findLock(mu)!.holders.oldest;
    expect(store.sites.get(hold!.site)).toMatchObject({ file: "/many.ts", line: 65_600 });
  });

  it("tells so many tasks and locks apart, and takes the rest for one, which nobody has", () => {
    const b = new TraceBuilder();
    for (let n = 1; n < 50; n++) {
      b.definitions.task(n, 0, 0, 0, `task ${n}`);
      b.definitions.lock(n, LockKind.semaphore, 0, `lock ${n}`);
      b.row({ kind: EventKind.acquire, task: n, lock: n });
    }
    const live = new LiveState({ limit: 10 });
    const follower = new TraceFollower(live);
    for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) follower.append(batch);
    expect([live.tasks.length, live.locks.length]).toEqual([10, 10]);
    expect([live.tasks[8]!.name, live.locks[8]!.name]).toEqual(["task 9", "lock 9"]);
    expect([live.tasks[9]!.name, live.locks[9]!.name]).toEqual(["all further tasks", "all further locks"]);
    expect(live.locks[9]).toMatchObject({ uses: 40, holders: { size: 0 } });
    expect(live.liveTasks).toBe(10);
  });

  it("finds no deadlock among those that it does not tell apart", () => {
    const b = new TraceBuilder();
    const [known, one, other] = ["known", "one", "other"].map((name) => b.task(name));
    const [mine, first, second] = ["mine", "spare", "spare", "first", "second"]
      .map((name) => b.lock(LockKind.mutex, name))
      .filter((_, index) => index === 0 || index > 2);
    // "known" waits for what "other" has. Were the two last locks one, he would wait for "one", who waits for him.
    b.row({ kind: EventKind.acquire, task: known!, lock: mine! });
    b.row({ kind: EventKind.acquire, task: other!, lock: second! });
    b.row({ kind: EventKind.acquire, task: one!, lock: first! });
    b.row({ kind: EventKind.block, task: one!, lock: mine! });
    b.row({ kind: EventKind.block, task: known!, lock: second! });
    const follower = new TraceFollower(new LiveState({ limit: 4 }));
    for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) follower.append(batch);
    expect([follower.live.tasks.length, follower.live.locks.length]).toEqual([3, 4]);
    expect(follower.live.findTask(known!)?.waits.oldest?.lock?.name).toBe("all further locks");
    expect(findDeadlocks(follower.live).cycles).toEqual([]);
  });

  it("takes any rows at all, and keeps its counts and lanes in order", () => {
    const id = fc.integer({ min: 0, max: 6 });
    const row = fc.record({
      kind: fc.integer({ min: 0, max: 24 }) as fc.Arbitrary<EventKind>,
      arg: fc.integer({ min: 0, max: 30 }),
      task: id,
      lock: id,
      site: id,
      gap: fc.integer({ min: -2, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), fc.boolean(), (rows, lossy) => {
        const b = new TraceBuilder({ rowsPerBatch: 7 });
        for (const [kind, name] of ["rw", "sem", "ch", "mu"].entries()) b.lock((kind * 2) as LockKind, name);
        if (lossy) b.flush({ dropped: 1 });
        for (const { gap, ...fields } of rows) {
          b.time = Math.max(0, b.time + gap);
          if (gap < 0) b.flush();
          b.row(fields);
        }
        const { live } = load(b);
        expect(live.tasks.filter((task) => task.waits.size > 0)).toHaveLength(live.waitingTasks);
        for (const { waiters, holders } of live.locks) {
          for (const wait of waiters) expect([...wait.task.waits]).toContain(wait);
          for (const hold of holders) expect([...hold.task.holds]).toContain(hold);
        }
        const { start, end } = live.spans;
        for (const { lane } of [...live.tasks, ...live.locks]) {
          for (const [position, span] of lane.spans.entries()) {
            expect(end[span]).toBeGreaterThanOrEqual(start[span]!);
            if (position > 0) expect(start[span]).toBeGreaterThanOrEqual(end[lane.spans[position - 1]!]!);
          }
        }
        findDeadlocks(live);
        findDeadlocks(live, { ended: true });
      }),
      { numRuns: 300 },
    );
  });

  it("agrees with a simple model on any legal run of tasks over mutexes", () => {
    const step = fc.record({ task: fc.integer({ min: 0, max: 4 }), lock: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 9 }), (steps, perBatch) => {
        const b = new TraceBuilder({ rowsPerBatch: perBatch + 1 });
        const model = runModel(b, steps);
        const { live } = load(b);
        for (const [lock, { owner, queue }] of model.locks) {
          const state = live.findLock(lock)!;
          expect([...state.holders].map((hold) => hold.task.id)).toEqual(owner === 0 ? [] : [owner]);
          expect([...state.waiters].map((wait) => wait.task.id)).toEqual(queue);
        }
        const waiting = new Set([...model.locks.values()].flatMap(({ queue }) => queue));
        expect(live.waitingTasks).toBe(waiting.size);
        for (const id of model.tasks) {
          const task = live.findTask(id)!;
          expect(task.phase).toBe(waiting.has(id) ? "waiting" : "running");
          expect(task.forked).toBe(false);
        }
      }),
    );
  });
});

/** Tasks that lock and unlock at random, as a FIFO mutex would let them; every second step is a hand-over. */
function runModel(b: TraceBuilder, steps: readonly { task: number; lock: number }[]) {
  const tasks = Array.from({ length: 5 }, (_, index) => b.task(`t${index}`));
  const ids = Array.from({ length: 3 }, (_, index) => b.lock(LockKind.mutex, `m${index}`));
  const locks = new Map(ids.map((id) => [id, { owner: 0, queue: [] as number[] }]));
  for (const step of steps) {
    b.time += 0.5;
    const task = tasks[step.task]!;
    const id = ids[step.lock]!;
    const lock = locks.get(id)!;
    if ([...locks.values()].some(({ queue }) => queue.includes(task))) continue;
    if (lock.owner === task) {
      b.row({ kind: EventKind.release, task, lock: id });
      lock.owner = lock.queue.shift() ?? 0;
      if (lock.owner !== 0) {
        b.row({ kind: EventKind.unblock, task: lock.owner, lock: id });
        b.row({ kind: EventKind.acquire, task: lock.owner, lock: id });
      }
    } else if (lock.owner === 0) {
      b.row({ kind: EventKind.acquire, task, lock: id });
      lock.owner = task;
    } else {
      b.row({ kind: EventKind.block, task, lock: id });
      lock.queue.push(task);
    }
  }
  // Every lock has been named, so that the store knows all of them.
  for (const id of ids) b.row({ kind: EventKind.tryFail, lock: id });
  return { tasks, locks };
}
