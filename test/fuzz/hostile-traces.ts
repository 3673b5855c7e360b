import {
  DefinitionEncoder,
  EventKind,
  encodeBatch,
  LockKind,
  Mode,
  ROW_WORDS,
  Status,
  WIDE_SITE,
  WIDE_VALUE,
  writeRow,
  writeWideRow,
} from "@lockscope/trace";

/** What a row may say, legal or not. */
export interface AnyRow {
  readonly kind: number;
  readonly arg: number;
  readonly site: number;
  readonly task: number;
  readonly lock: number;
  readonly dt: number;
}

/** A batch of these rows, whatever they say. */
export function rawBatch(
  rows: readonly AnyRow[],
  info: Parameters<typeof encodeBatch>[0] = { base: 0 },
  definitions = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const words = new Int32Array(rows.length * ROW_WORDS);
  for (const [index, { dt, kind, arg, site, task, lock }] of rows.entries()) {
    writeRow(words, index * ROW_WORDS, dt, kind, arg, site, task, lock);
  }
  return encodeBatch(info, definitions, words);
}

const row = (kind: number, task: number, lock: number, arg = 0, dt = 0): AnyRow => ({
  kind,
  arg,
  site: 0,
  task,
  lock,
  dt,
});

/** `count` rows, in batches; `rowOf` may give several for a number. */
function* many(count: number, rowsOf: (n: number) => readonly AnyRow[], info: { thread?: number } = {}) {
  let rows: AnyRow[] = [];
  let firstSeq = 0;
  for (let n = 0; n < count; n++) {
    rows.push(...rowsOf(n));
    if (rows.length < 4000 && n < count - 1) continue;
    yield rawBatch(rows, { ...info, base: n, firstSeq });
    firstSeq += rows.length;
    rows = [];
  }
}

const COUNT = 20_000;

/** Traces that no program writes, each made to cost its reader as much as its bytes can. */
export const hostileTraces: Record<string, () => Iterable<Uint8Array>> = {
  "a new task and a new lock in every row, on a page of its own": () =>
    many(COUNT, (n) => [row(EventKind.acquire, Math.imul(n, 65_537) >>> 0, Math.imul(n, 65_539) >>> 0)]),
  "a task that holds ever more locks, and gives them back in the order taken": () =>
    many(COUNT, (n) =>
      n < COUNT / 2 ? [row(EventKind.acquire, 1, n + 1)] : [row(EventKind.release, 1, n - COUNT / 2 + 1)],
    ),
  "a lock that all tasks wait for, and give up in turn": () =>
    many(COUNT, (n) =>
      n < COUNT / 2 ? [row(EventKind.block, n, 7)] : [row(EventKind.cancel, COUNT - n - 1, 7)],
    ),
  "tasks that wait for each other in a ring, each with a lock": () =>
    many(COUNT, (n) => [row(EventKind.acquire, n, n + 1), row(EventKind.block, n, ((n + 1) % COUNT) + 1)]),
  "every task joins the next": () => many(COUNT, (n) => [row(EventKind.block, n, n + 1, Mode.join)]),
  "readers and writers by turns, none of whom lets go": () => [
    rawBatch([], { base: 0 }, lockDefinition(1, LockKind.rwmutex)),
    ...many(COUNT, (n) => [
      row(n % 2 === 0 ? EventKind.acquire : EventKind.block, n, 1, n % 4 === 1 ? 0 : 1),
    ]),
  ],
  "a semaphore with as many holders as waiters": () => [
    rawBatch([], { base: 0 }, lockDefinition(1, LockKind.semaphore)),
    ...many(COUNT, (n) => [row(n < COUNT / 2 ? EventKind.acquire : EventKind.block, n, 1)]),
  ],
  "a select with as many cases as there are rows, then another": () =>
    many(COUNT, (n) => [row(EventKind.block, 1 + Math.floor((2 * n) / COUNT), n, Mode.selectReceive)]),
  "one task that waits for one lock in every row": () => many(COUNT, () => [row(EventKind.block, 5, 5)]),
  "restated waits of one task for one lock": () =>
    many(COUNT, () => [row(EventKind.status, 5, 5, Status.waitsAgain)]),
  "time that only runs backwards": () =>
    many(COUNT, (n) => [row(n % 2 === 0 ? EventKind.acquire : EventKind.release, 1, 1, 0, COUNT - n)]),
  "two threads that never agree whose turn it is": function* () {
    const turns = [0, 1].map((thread) =>
      many(COUNT / 2, (n) => [row(EventKind.acquire, thread, 1, 0, n)], { thread }),
    );
    for (const batches of turns) yield* batches;
  },
  "a thread in every batch, none of which ends": function* () {
    for (let thread = 0; thread < COUNT / 8; thread++) {
      yield rawBatch([row(EventKind.acquire, thread, 1)], { base: COUNT - thread, thread });
    }
  },
  "marks in every row": () => many(COUNT, (n) => [row(EventKind.mark, n % 9, n % 7, n % 5)]),
  "tasks that end and start again": () =>
    many(COUNT, (n) => [row(n % 2 === 0 ? EventKind.taskEnd : EventKind.taskStart, n % 3, 0)]),
  "wide rows alone": () => {
    const words = new Int32Array(4000 * ROW_WORDS);
    for (let at = 0; at < words.length; at += ROW_WORDS)
      writeWideRow(words, at, 0, WIDE_SITE | WIDE_VALUE, -1, -1);
    return [0, 1, 2].map((n) => encodeBatch({ base: n, firstSeq: 4000 * n }, new Uint8Array(0), words));
  },
  "sites that call each other, deeper than any stack": () => {
    const definitions = new DefinitionEncoder();
    definitions.defineString(1, "/a.ts");
    for (let id = 1; id < COUNT; id++) definitions.defineSite(id, 1, id, 1, 0, id - 1);
    return [
      rawBatch([{ ...row(EventKind.acquire, 1, 1), site: COUNT - 1 }], { base: 0 }, definitions.take()),
    ];
  },
};

function lockDefinition(id: number, kind: LockKind): Uint8Array<ArrayBuffer> {
  const definitions = new DefinitionEncoder();
  definitions.lock(id, kind, 0, "lock", 3);
  return definitions.take();
}
