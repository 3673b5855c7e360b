/**
 * What reading a trace costs: cutting it into batches, following the state, indexing all of it for a view, and
 * going back to any instant. Beside each stands the least that it could take: one pass over the rows that decodes
 * them and does nothing. All times are of the processor, those of collecting garbage and compiling included.
 *
 *     node --expose-gc --import tsx --conditions=@lockscope/source bench/trace/decode.ts [lock operations ...]
 *
 * By default 500,000 and 5,000,000 lock operations of 32 tasks at 32 mutexes: two events and two spans each, one
 * span in the lane of its task and one in that of its lock.
 */
import {
  type Batch,
  decodeRows,
  EventKind,
  LockKind,
  newEvent,
  SiteTable,
  StreamReader,
  snapshotBatches,
  TraceBuilder,
  TraceFollower,
  TraceStore,
} from "@lockscope/trace";
import { busyTrace } from "../../viewer/testing/sample-trace.js";

const THINGS = 32;
const THREADS = 4;
const targets: Readonly<Record<number, string>> = { 500000: "under 150 ms" };

interface Rounds {
  /** Of a program that has just begun: its code was not compiled yet. */
  readonly first: number;
  readonly best: number;
}

/** Processor time, which a busy machine does not stretch, in milliseconds. */
function time(rounds: number, run: () => unknown): Rounds {
  const times = Array.from({ length: rounds }, () => {
    const began = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e3;
  });
  return { first: times[0]!, best: Math.min(...times) };
}

const cut = (bytes: Uint8Array): Batch[] => new StreamReader({ prelude: false }).push(bytes);

function follow<F extends TraceFollower>(follower: F, batches: readonly Batch[]): F {
  for (const batch of batches) follower.append(batch);
  follower.finish();
  return follower;
}

function passOver(batches: readonly Batch[]): number {
  const table = new SiteTable().thread(0, 0);
  const event = newEvent();
  let sum = 0;
  for (const batch of batches) {
    decodeRows({ batch, table, pending: undefined }, 0, batch.header.rowCount, event, ({ lock }) => {
      sum += lock;
    });
  }
  return sum;
}

/** The same operations by threads that take turns, each batch as it would come from a flusher. */
function threadedTrace(operations: number): Uint8Array[] {
  const threads = Array.from({ length: THREADS }, (_, thread) => {
    const b = new TraceBuilder({ thread });
    const lock = b.lock(LockKind.mutex, `m${thread}`);
    return { b, lock, tasks: Array.from({ length: THINGS / THREADS }, (_, n) => b.task(`t${thread}.${n}`)) };
  });
  let time = 0;
  for (let n = 0; n < operations; n++) {
    const { b, lock, tasks } = threads[n % THREADS]!;
    for (const kind of [EventKind.acquire, EventKind.release]) {
      time += 0.002;
      b.time = time;
      b.row({ kind, task: tasks[n % tasks.length]!, lock });
    }
  }
  for (const { b } of threads) b.flush({ last: true });
  const rounds = Math.max(...threads.map(({ b }) => b.batches.length));
  return Array.from({ length: rounds }, (_, round) =>
    threads.flatMap(({ b }) => b.batches[round] ?? []),
  ).flat();
}

function measure(operations: number): void {
  const events = 2 * operations;
  const rounds = events <= 2e6 ? 9 : 3;
  const bytes = busyTrace(operations, THINGS, THINGS).bytes();
  const batches = cut(bytes);
  console.log(`${events.toLocaleString("en")} events, ${(bytes.length / events).toFixed(2)} bytes an event`);
  const pass = time(rounds, () => passOver(batches));
  const row = (what: string, { first, best }: Rounds, note = "") => {
    const each = `${((best * 1e6) / events).toFixed(0)} ns an event`.padStart(16);
    const ratio = `${(best / pass.best).toFixed(1)} x one pass`.padStart(16);
    console.log(
      `  ${what.padEnd(38)} ${best.toFixed(1).padStart(8)} ms (at first ${first.toFixed(0)})${each}${ratio}  ${note}`,
    );
  };
  row("one pass that decodes the rows", pass);
  const cutting = time(rounds, () => cut(bytes));
  row("cut into batches", cutting);
  row(
    "follow the state, without history",
    time(rounds, () => follow(new TraceFollower(), batches)),
  );
  const indexing = time(rounds, () => follow(new TraceStore(), batches));
  row("index: state, lanes, totals by site", indexing);
  const both = { first: cutting.first + indexing.first, best: cutting.best + indexing.best };
  row("cut and index", both, targets[operations]);
  lookBack(batches, events);
  const threaded = threadedTrace(operations).flatMap(cut);
  row(
    `index, ${THREADS} threads whose rows alternate`,
    time(rounds, () => follow(new TraceStore(), threaded)),
  );
}

function lookBack(batches: readonly Batch[], events: number): void {
  const before = memory();
  const store = follow(new TraceStore(), batches);
  const spans = store.live.spans.length;
  const perSpan = ((memory() - before) / spans).toFixed(0);
  console.log(
    `  ${spans.toLocaleString("en")} spans: ${perSpan} bytes a span besides the rows, room to grow included`,
  );
  const instants = Array.from({ length: 40 }, (_, n) => (store.endTime * (n + 0.5)) / 40);
  const took = instants.map((instant) => time(3, () => store.stateAt(instant)).best).sort((a, b) => a - b);
  console.log(
    `  the state at an instant: median ${took[20]!.toFixed(1)} ms, worst ${took[39]!.toFixed(1)} ms`,
  );
  let visited = 0;
  const tenth = time(3, () => {
    visited = 0;
    store.eventsBetween(0.5 * store.endTime, 0.6 * store.endTime, () => visited++);
  });
  console.log(`  ${visited.toLocaleString("en")} events of a tenth of the time: ${tenth.best.toFixed(1)} ms`);
  const parts = snapshotBatches(store);
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const snapshot = time(3, () => snapshotBatches(store));
  const rows = `${((16 * events) / 1e6).toFixed(0)} MB of rows`;
  console.log(`  a snapshot: ${snapshot.best.toFixed(1)} ms, ${(size / 1e3).toFixed(1)} kB for ${rows}`);
}

/** Bytes in use once all garbage is collected. */
function memory(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const wanted = process.argv.slice(2).map(Number);
for (const operations of wanted.length > 0 ? wanted : [500_000, 5_000_000]) measure(operations);
