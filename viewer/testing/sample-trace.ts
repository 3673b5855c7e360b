import { EndReason, EventKind, LockKind, Mode, TraceBuilder } from "@lockscope/trace";

/** Names that a test looks for in the page. */
export const sample = {
  deadlocked: ["transfer checking → savings", "transfer savings → checking"],
  locks: ["checking", "savings", "prices", "orders", "done", "log"],
} as const;

/** Reproducible chance. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A bank that ends in a deadlock of two transfers, with readers and writers of prices, a channel from a producer
 * to consumers, a WaitGroup for all of them, and `turns` turns at a log.
 */
export function bankTrace(options: {
  readonly turns: number;
  readonly deadlock: boolean;
  readonly rowsPerBatch?: number;
}): TraceBuilder {
  const b = new TraceBuilder(options);
  const chance = random(7);
  const at = (line: number, func: string) => b.site("/srv/bank/src/bank.ts", line, 5, func);
  const made = at(8, "");
  const checking = b.lock(LockKind.mutex, "checking", made);
  const savings = b.lock(LockKind.mutex, "savings", made);
  const prices = b.lock(LockKind.rwmutex, "prices", at(12, ""));
  const orders = b.lock(LockKind.channel, "orders", at(13, ""), 4);
  const done = b.lock(LockKind.waitgroup, "done", at(14, ""));
  const log = b.lock(LockKind.mutex, "log", at(15, ""));
  b.time = 31.2;
  const started = at(60, "main");
  b.definitions.task(0, 0, 0, 0, "main");
  const there = b.task(sample.deadlocked[0], started);
  const back = b.task(sample.deadlocked[1], started);
  const readers = [1, 2, 3].map((n) => b.task(`reader ${n}`, started));
  const writer = b.task("price feed", started);
  const producer = b.task("producer", started);
  const consumer = b.task("consumer", started);
  const loggers = Array.from({ length: 6 }, (_, n) => b.task(`logger ${n + 1}`, started));
  b.row({ kind: EventKind.add, lock: done, site: at(62, "main"), value: loggers.length + 2 });
  b.row({ kind: EventKind.block, arg: Mode.wait, lock: done, site: at(75, "main") });

  const logSite = at(40, "write");
  const readSite = at(30, "quote");
  const writeSite = at(35, "update");
  const reading = new Set<number>();
  for (let turn = 0; turn < options.turns; turn++) {
    b.time += 0.004 + chance() * 0.02;
    const task = loggers[turn % loggers.length]!;
    b.row({ kind: EventKind.acquire, task, lock: log, site: logSite });
    if (chance() < 0.3) {
      const next = loggers[(turn + 1) % loggers.length]!;
      b.time += 0.002 + chance() * 0.01;
      b.row({ kind: EventKind.block, task: next, lock: log, site: logSite });
      b.time += 0.002 + chance() * 0.02;
      b.row({ kind: EventKind.release, task, lock: log, site: logSite });
      b.row({ kind: EventKind.unblock, task: next, lock: log });
      b.row({ kind: EventKind.acquire, task: next, lock: log, site: logSite });
      b.time += 0.003;
      b.row({ kind: EventKind.release, task: next, lock: log, site: logSite });
    } else {
      b.time += 0.003 + chance() * 0.01;
      b.row({ kind: EventKind.release, task, lock: log, site: logSite });
    }
    if (turn % 5 === 0) {
      const reader = readers[Math.floor(chance() * 3)]!;
      const shared = { task: reader, lock: prices, arg: Mode.shared, site: readSite };
      if (reading.delete(reader)) b.row({ kind: EventKind.release, ...shared });
      else if (reading.add(reader)) b.row({ kind: EventKind.acquire, ...shared });
    }
    if (turn % 40 === 0) {
      b.row({ kind: EventKind.block, task: writer, lock: prices, site: writeSite });
      for (const reader of reading) {
        b.time += 0.05;
        b.row({ kind: EventKind.release, task: reader, lock: prices, arg: Mode.shared, site: readSite });
      }
      reading.clear();
      b.row({ kind: EventKind.unblock, task: writer, lock: prices });
      b.row({ kind: EventKind.acquire, task: writer, lock: prices, site: writeSite });
      b.time += 0.1;
      b.row({ kind: EventKind.release, task: writer, lock: prices, site: writeSite });
    }
    if (turn % 9 === 0)
      b.row({ kind: EventKind.send, task: producer, lock: orders, site: at(45, "produce") });
    if (turn % 9 === 5)
      b.row({ kind: EventKind.recv, task: consumer, lock: orders, site: at(50, "consume") });
  }
  for (const reader of reading) {
    b.row({ kind: EventKind.release, task: reader, lock: prices, arg: Mode.shared, site: readSite });
  }
  for (const task of [...readers, writer, producer]) b.row({ kind: EventKind.taskEnd, task });
  if (options.deadlock) endInDeadlock(b, { checking, savings, there, back, orders, consumer, at });
  for (const task of loggers) {
    b.row({ kind: EventKind.add, task, lock: done, arg: -1, site: at(70, "main") });
    b.row({ kind: EventKind.taskEnd, task });
  }
  if (!options.deadlock) {
    for (const task of [there, back]) {
      b.row({ kind: EventKind.add, task, lock: done, arg: -1, site: at(70, "main") });
      b.row({ kind: EventKind.taskEnd, task });
    }
    b.row({ kind: EventKind.taskEnd, task: consumer });
    b.row({ kind: EventKind.unblock, arg: Mode.wait, lock: done });
  }
  b.time += 3;
  b.row({ kind: EventKind.programEnd, arg: options.deadlock ? EndReason.stuck : EndReason.exit });
  b.flush({ last: true });
  return b;
}

interface DeadlockParts {
  readonly checking: number;
  readonly savings: number;
  readonly there: number;
  readonly back: number;
  readonly orders: number;
  readonly consumer: number;
  readonly at: (line: number, func: string) => number;
}

function endInDeadlock(b: TraceBuilder, parts: DeadlockParts): void {
  const { checking, savings, there, back, orders, consumer, at } = parts;
  const [first, second] = [at(21, "transfer"), at(22, "transfer")];
  b.row({ kind: EventKind.acquire, task: there, lock: checking, site: first });
  b.time += 0.8;
  b.row({ kind: EventKind.acquire, task: back, lock: savings, site: first });
  b.time += 1.1;
  b.row({ kind: EventKind.block, task: there, lock: savings, site: second });
  b.time += 0.6;
  b.row({ kind: EventKind.block, task: back, lock: checking, site: second });
  b.row({ kind: EventKind.block, task: consumer, lock: orders, arg: Mode.receive, site: at(50, "consume") });
  b.time += 2;
}

/** `operations` lock operations of tasks that take turns at a few mutexes, two rows each. */
export function busyTrace(operations: number, tasks = 16, locks = 16): TraceBuilder {
  const b = new TraceBuilder();
  const chance = random(11);
  const site = b.site("/srv/busy.ts", 10, 3, "turn");
  const lockIds = Array.from({ length: locks }, (_, n) => b.lock(LockKind.mutex, `m${n}`, site));
  const taskIds = Array.from({ length: tasks }, (_, n) => b.task(`t${n}`, site));
  for (let n = 0; n < operations; n++) {
    const task = taskIds[Math.floor(chance() * tasks)]!;
    const lock = lockIds[Math.floor(chance() * locks)]!;
    b.time += chance() * 0.003;
    b.row({ kind: EventKind.acquire, task, lock, site });
    b.time += 0.001 + chance() * 0.004;
    b.row({ kind: EventKind.release, task, lock, site });
  }
  b.row({ kind: EventKind.programEnd, arg: EndReason.exit });
  b.flush({ last: true });
  return b;
}
