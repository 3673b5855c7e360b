/**
 * What questions asked of a trace cost, beside one pass over its rows that brings a state up to date and asks
 * nothing. All times are of the processor, those of collecting garbage included; the best of several rounds.
 *
 *     node --expose-gc --import tsx --conditions=@lockscope/source bench/trace/questions.ts [lock operations]
 *
 * By default 500,000 lock operations of 32 tasks at 32 mutexes, two events each; then as many by tasks that have
 * two of the mutexes at a time. Targets: statistics of 1M events in under 300 ms, less than 20 ns an event for
 * keeping the orders of locks where tasks have one at a time.
 */
import {
  applyEvent,
  chromeTrace,
  compareTraces,
  EventKind,
  eventsCsv,
  LiveState,
  LockKind,
  lockOrder,
  OrderWatch,
  rangeStatistics,
  StreamReader,
  TraceBuilder,
  TraceStore,
  Watch,
} from "@lockscope/trace";
import { busyTrace } from "../../viewer/testing/sample-trace.js";

const ROUNDS = 7;
const operations = Number(process.argv[2] ?? 500_000);

/** Milliseconds of the processor, the best of several rounds, each with what `prepare` makes for it. */
function best<T>(prepare: () => T, run: (prepared: T) => unknown, rounds = ROUNDS): number {
  const times = Array.from({ length: rounds }, () => {
    const prepared = prepare();
    globalThis.gc?.();
    const began = process.cpuUsage();
    run(prepared);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e3;
  });
  return Math.min(...times);
}

/** Tasks that take the next lock before they give back the last one, all in one order. */
function nestedTrace(): TraceBuilder {
  const b = new TraceBuilder();
  const locks = Array.from({ length: 32 }, (_, n) => b.lock(LockKind.mutex, `m${n}`));
  const tasks = Array.from({ length: 32 }, (_, n) => b.task(`t${n}`));
  for (let n = 0; n < operations; n += 2) {
    const task = tasks[(n / 2) % 32]!;
    const [first, second] = [locks[(n / 2) % 31]!, locks[((n / 2) % 31) + 1]!];
    for (const [kind, lock] of [
      [EventKind.acquire, first],
      [EventKind.acquire, second],
      [EventKind.release, second],
      [EventKind.release, first],
    ] as const) {
      b.time += 0.001;
      b.row({ kind, task, lock });
    }
  }
  return b;
}

function ask(title: string, trace: TraceBuilder): void {
  const batches = new StreamReader({ prelude: false }).push(trace.bytes());
  const newStore = () => new TraceStore();
  const fill = (store: TraceStore): TraceStore => {
    for (const batch of batches) store.append(batch);
    return store;
  };
  const watched = (): TraceStore => {
    const store = new TraceStore();
    new Watch().look(store, 0);
    return store;
  };
  const store = fill(new TraceStore());
  const { eventCount, startTime, endTime } = store;
  const tenth = (endTime - startTime) / 10;
  const replayed = (observe: boolean) => () => {
    const live = new LiveState({ history: false });
    for (const { id, kind } of store.live.locks) live.lock(id).kind = kind;
    if (observe) live.observer = new OrderWatch(live);
    store.forEachEvent((event) => applyEvent(live, event));
  };
  const none = () => undefined;
  const pass = best(none, replayed(false));
  console.log(`\n${title}: ${eventCount} events`);
  const row = (what: string, ms: number, note = "") =>
    console.log(
      `  ${what.padEnd(46)}${ms.toFixed(1).padStart(9)} ms  ${(ms / pass).toFixed(2).padStart(6)}  ${note}`,
    );
  const each = (ms: number, less: number) =>
    `${(((ms - less) * 1e6) / eventCount).toFixed(1)} ns an event more`;
  row("one pass that asks nothing", pass);
  const orders = best(none, replayed(true));
  row("with the orders of locks", orders, each(orders, pass));
  const plain = best(newStore, fill);
  row("a store is filled", plain);
  const withWatch = best(watched, fill);
  row("with all detectors listening", withWatch, each(withWatch, plain));
  row(
    "statistics of everything",
    best(none, () => rangeStatistics(store, startTime, endTime)),
    "target 300 ms",
  );
  row(
    "statistics of a tenth",
    best(none, () => rangeStatistics(store, startTime + tenth, startTime + 2 * tenth)),
  );
  row(
    "lock order, asked of the whole trace",
    best(none, () => lockOrder(store)),
  );
  row(
    "two traces compared",
    best(none, () => compareTraces(store, store)),
  );
  for (const [name, text] of [
    ["for Perfetto", () => chromeTrace(store)],
    ["as CSV", () => eventsCsv(store)],
  ] as const) {
    let length = 0;
    const ms = best(
      none,
      () => {
        length = 0;
        for (const piece of text()) length += piece.length;
      },
      3,
    );
    row(
      name,
      ms,
      `${(length / eventCount).toFixed(0)} bytes an event, ${(length / 1e3 / ms).toFixed(0)} MB/s`,
    );
  }
}

function idleLook(): void {
  const store = new TraceStore();
  const watch = new Watch();
  for (const batch of new StreamReader({ prelude: false }).push(busyTrace(1000, 32, 32).bytes()))
    store.append(batch);
  watch.look(store, store.endTime);
  const looks = 1_000_000;
  const ms = best(
    () => undefined,
    () => {
      for (let n = 0; n < looks; n++) watch.look(store, store.endTime);
    },
  );
  console.log(`\na look at what has not changed: ${((ms * 1e6) / looks).toFixed(0)} ns`);
}

ask("one lock at a time", busyTrace(operations, 32, 32));
ask("two locks at a time", nestedTrace());
idleLook();
