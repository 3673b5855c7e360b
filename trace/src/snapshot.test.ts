import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BATCH_HEADER_BYTES, encodeBatch } from "./batch.js";
import { TraceFollower } from "./follower.js";
import { ROW_BYTES, ROW_WORDS } from "./row.js";
import { BLOCKS_THREAD, CANCELLABLE, EventKind, LockKind, Mode } from "./schema.js";
import { snapshotBatches } from "./snapshot.js";
import { StreamReader } from "./stream-reader.js";
import { plainState } from "./testing/plain-state.js";
import { TraceBuilder } from "./trace-builder.js";

function append(follower: TraceFollower, batches: readonly Uint8Array[]): void {
  const reader = new StreamReader({ prelude: false });
  for (const bytes of batches) for (const batch of reader.push(bytes)) follower.append(batch);
}

/** A reader that comes to the trace with a snapshot of `follower`. */
function joined(follower: TraceFollower): TraceFollower {
  const other = new TraceFollower();
  append(other, snapshotBatches(follower));
  return other;
}

/** The present, but for what counts from the snapshot on and for the numbers of places, which are the store's own. */
function present(follower: TraceFollower) {
  const { tasks, locks, ...rest } = plainState(follower.live);
  const place = (site: number) => {
    const calls = [];
    for (let at = site; at !== 0; at = follower.sites.parentOf(at)) calls.push(follower.sites.get(at));
    return calls;
  };
  const located = <T extends { readonly site: number }>(one: T) => ({ ...one, site: place(one.site) });
  return {
    ...rest,
    tasks: tasks
      .filter((task) => task.ended === Infinity || task.holds.length > 0 || task.waits.length > 0)
      .map((task) => ({
        ...located(task),
        holds: task.holds.map(located),
        waits: task.waits.map(located),
      })),
    locks: locks.map(({ uses, contentions, maxWait, totalWait, maxHold, totalHold, ...lock }) => ({
      ...located(lock),
      holders: lock.holders.map(located),
      waiters: lock.waiters.map(located),
    })),
  };
}

/** What one of the tasks does next, and how long after the step before. */
const step = fc.record({ task: fc.nat(5), lock: fc.nat(4), choice: fc.nat(9), gap: fc.nat(2) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Two threads whose tasks go by the rules: they wait for what is taken, and fork, select and sleep now and then. */
class Play {
  readonly threads = [
    new TraceBuilder({ rowsPerBatch: 5 }),
    new TraceBuilder({ thread: 1, rowsPerBatch: 3 }),
  ];
  readonly #tasks: { readonly id: number; readonly b: TraceBuilder; site: number }[] = [];
  readonly #locks: { readonly id: number; readonly kind: LockKind; holders: number[] }[] = [];
  readonly #waits = new Map<number, (() => void)[]>();
  readonly #ended = new Set<number>();
  #time = 0;
  #sent = [0, 0];

  constructor() {
    for (const [index, kind] of [
      LockKind.mutex,
      LockKind.rwmutex,
      LockKind.semaphore,
      LockKind.channel,
      LockKind.waitgroup,
    ].entries()) {
      const b = this.threads[index % 2]!;
      this.#locks.push({ id: b.lock(kind, `lock ${index}`, b.site("/a.ts", index + 1)), kind, holders: [] });
    }
    for (let n = 0; n < 6; n++) {
      const b = this.threads[n % 2]!;
      const site = b.site("/b.ts", n + 1, 1, "f", b.site("/main.ts", 9));
      this.#tasks.push({ id: b.task(`task ${n}`, site), b, site });
    }
  }

  /** The batches so far that were not taken yet; of the threads in turn. */
  take(last = false): Uint8Array[] {
    return this.threads.flatMap((b, thread) => {
      b.time = this.#time;
      b.flush({ last });
      const fresh = b.batches.slice(this.#sent[thread]);
      this.#sent[thread] = b.batches.length;
      return fresh;
    });
  }

  step({ task: n, lock: l, choice, gap }: Step): void {
    this.#time += gap;
    const { id: task, b, site } = this.#tasks[n]!;
    const lock = this.#locks[l]!;
    b.time = this.#time;
    const write = (kind: EventKind, arg: number, value?: number) =>
      b.row({ kind, task, lock: lock.id, arg, site, ...(value === undefined ? {} : { value }) });
    const waits = this.#waits.get(task) ?? [];
    this.#waits.set(task, waits);
    // Calls that a task has left behind may still end, and give back what they have.
    const idle = waits.length === 0 && !lock.holders.includes(task);
    if (this.#ended.has(task) && (idle || choice > 5)) return;
    if (waits.length > 0 && choice < 6) {
      waits.shift()!();
    } else if (choice === 9) {
      b.row({ kind: EventKind.block, task, arg: Mode.selectReceive, lock: this.#locks[3]!.id, site });
      b.row({ kind: EventKind.block, task, arg: Mode.selectSend, lock: this.#locks[3]!.id, site });
      waits.push(() =>
        b.row({ kind: EventKind.unblock, task, arg: Mode.selectSend, lock: this.#locks[3]!.id }),
      );
    } else if (choice === 8) {
      const other = this.#tasks[(n + 1) % 6]!.id;
      if (this.#ended.has(other)) return;
      b.row({ kind: EventKind.block, task, arg: Mode.join, lock: other, site });
      waits.push(() => b.row({ kind: EventKind.unblock, task, arg: Mode.join, lock: other }));
    } else if (choice === 7) {
      b.row({ kind: EventKind.taskEnd, task, arg: n % 2 });
      this.#ended.add(task);
    } else if (lock.kind === LockKind.channel) {
      write(choice % 2 === 0 ? EventKind.send : EventKind.recv, 0);
      if (choice === 5) write(EventKind.close, 0);
    } else if (lock.kind === LockKind.waitgroup) {
      write(EventKind.add, 0, 300);
    } else if (lock.holders.includes(task)) {
      write(EventKind.release, 0);
      lock.holders = lock.holders.filter((holder) => holder !== task);
    } else if (lock.holders.length === 0 || lock.kind === LockKind.semaphore) {
      write(EventKind.acquire, 0, lock.kind === LockKind.semaphore ? 3 : undefined);
      lock.holders.push(task);
    } else {
      write(EventKind.block, Mode.exclusive, choice === 6 ? CANCELLABLE : BLOCKS_THREAD);
      waits.push(() => b.row({ kind: EventKind.unblock, task, lock: lock.id }));
    }
  }
}

describe("a snapshot", () => {
  it("and what comes after it lead to the same as everything from the beginning", () => {
    const steps = fc.array(step, { maxLength: 80 });
    fc.assert(
      fc.property(steps, steps, fc.boolean(), (before, after, oneThreadLags) => {
        const play = new Play();
        const whole = new TraceFollower();
        append(whole, play.take());
        for (const one of before) play.step(one);
        const first = play.take();
        const [lagging] = oneThreadLags ? first.splice(-1) : [];
        append(whole, first);
        const late = joined(whole);
        expect(present(late)).toEqual(present(whole));
        expect(late.dropped).toBe(0);
        for (const one of after) play.step(one);
        const rest = [...(lagging === undefined ? [] : [lagging]), ...play.take(true)];
        append(whole, rest);
        append(late, rest);
        for (const follower of [whole, late]) follower.finish();
        expect(present(late)).toEqual(present(whole));
        expect(late.dropped).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("tells what a row under way needs, what was lost, and calls that wait for the same", () => {
    const b = new TraceBuilder();
    const wg = b.lock(LockKind.waitgroup, "wg");
    const mu = b.lock(LockKind.mutex, "mu");
    for (let call = 0; call < 3; call++) b.row({ kind: EventKind.block, task: 0, lock: mu });
    b.row({ kind: EventKind.add, task: 0, lock: wg, value: 70_000 });
    b.flush({ dropped: 7 });
    const bytes = b.batches[0]!;
    const rows = new Int32Array(bytes.buffer.slice(-2 * ROW_BYTES));
    const whole = new TraceFollower();
    const [first] = new StreamReader({ prelude: false }).push(bytes);
    const cut = first!.rows.subarray(0, -ROW_WORDS);
    const definitions = bytes.subarray(
      BATCH_HEADER_BYTES,
      BATCH_HEADER_BYTES + first!.header.definitionBytes,
    );
    append(whole, [encodeBatch({ base: 0, dropped: 7 }, definitions, cut)]);
    const late = joined(whole);
    const rest = encodeBatch({ base: 0, firstSeq: 4 }, new Uint8Array(0), rows.subarray(ROW_WORDS));
    append(late, [rest]);
    expect(late.live.findLock(wg)!.amount).toBe(70_000);
    expect(late.live.findLock(mu)!.waiters.size).toBe(3);
    expect(late.dropped).toBe(7);
    expect(late.live.lossy).toBe(true);
  });
});
