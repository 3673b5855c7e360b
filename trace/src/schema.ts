/**
 * The vocabulary of a trace: what can happen to tasks and locks.
 *
 * Numbers are part of the wire format. Add new ones at the end, never renumber: a reader skips the kinds it
 * does not know, so a newer program can be read by an older viewer.
 */

/** What a row says happened. The comment names what `arg`, `lock` and the row's value hold where they matter. */
export const EventKind = {
  /** Carries what the next row of the thread has no room for: a site above 65,535 and / or an i32 value. */
  wide: 1,
  taskStart: 2,
  /** `arg`: 0 returned, 1 threw. */
  taskEnd: 3,
  /**
   * The task has the lock now. `arg`: {@link Mode}, and {@link TRIED} if the task would not have waited for it;
   * value: permits taken (1 if absent).
   */
  acquire: 4,
  /**
   * The task stops until something happens. `arg`: {@link Mode}; `lock`: see there. Value: 1 if a signal or a
   * time limit may still end the wait, 2 if it stops the whole thread. Every wait ends with exactly one `unblock`, `cancel` or `timeout` with the
   * same task and lock: as a task may fork (`Promise.all`), nothing else it does shows that it no longer waits.
   */
  block: 5,
  /**
   * The task in `task` may go on; `arg` and `lock` as in its `block` (of a select: the case that became ready).
   * Who woke it: the task of the last other row on the same lock, which the primitive writes just before
   * (release, send, recv, close, add, signal, broadcast).
   */
  unblock: 6,
  /** `arg`: {@link Mode}; value: permits given back (1 if absent). Any task may release. */
  release: 7,
  /** A try… call that did not get the lock. `arg`: {@link Mode}. */
  tryFail: 8,
  /** The wait was given up because its signal aborted. `arg`: {@link Mode}. */
  cancel: 9,
  /** The wait was given up because its time was over. `arg`: {@link Mode}. */
  timeout: 10,
  /** A value went into the channel. */
  send: 11,
  /** A value came out of the channel. `arg`: 0 a value, 1 the channel is closed and drained. */
  recv: 12,
  close: 13,
  /** WaitGroup counter change. Value: the delta; without a value, `arg` as a signed byte. */
  add: 14,
  signal: 15,
  broadcast: 16,
  /** A select chose a case (after its `unblock`, if it had to wait). `arg`: its index; `lock`: its channel or 0. */
  selectEnd: 17,
  /**
   * Something worth showing at this instant. `arg`: {@link MarkLevel}; value: id of the text (a `str`). With a
   * lock, at level error: the task asked for a lock that it holds, and was refused.
   */
  mark: 18,
  /** "This was so already": restates live state for a late reader. `arg`: {@link Status}. */
  status: 19,
  /** The program's last word. `arg`: {@link EndReason}; value: the {@link Signal} that has ended it, if one has. */
  programEnd: 20,
  /**
   * A lock breakpoint stops the program here. `task` and `lock`: whose wait, or what it takes, is the reason; value:
   * id of a text (a `str`) that says it.
   */
  stop: 21,
  /**
   * Of the locks that were last defined with the era in the value (an u32), those that nobody has or waits for, and that
   * count nothing, need not be known any longer: each is defined anew before a row names it.
   */
  forget: 22,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** What kind of thing a lock id names. */
export const LockKind = {
  unknown: 0,
  mutex: 1,
  rwmutex: 2,
  waitgroup: 3,
  channel: 4,
  cond: 5,
  once: 6,
  semaphore: 7,
  errgroup: 8,
  select: 9,
  pool: 10,
  recursiveMutex: 11,
  barrier: 12,
  singleflight: 13,
  timer: 14,
  map: 15,
} as const;
export type LockKind = (typeof LockKind)[keyof typeof LockKind];

/** How a lock is taken, or what a blocked task waits for. */
export const Mode = {
  /** The lock for itself alone (a mutex, the write side, a permit). */
  exclusive: 0,
  /** The read side. */
  shared: 1,
  /** Room in a channel. */
  send: 2,
  /** A value from a channel. */
  receive: 3,
  /** A WaitGroup at zero, a signalled Cond, a finished Once. */
  wait: 4,
  /** The end of another task: the `lock` word holds that task's id. */
  join: 5,
  /** Time to pass; no lock. */
  sleep: 6,
  /** As send, as a case of a select: it writes one `block` row a case, all with one time, and one `unblock`. */
  selectSend: 7,
  /** As receive, as one case of a select. */
  selectReceive: 8,
  /** Nothing that could ever happen: a nil channel, a select without cases. */
  forever: 9,
  /** Something outside the library (input, a timer, a promise). */
  external: 10,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** Added to the mode of an `acquire` row: by a try… call, which deadlocks with nobody. */
export const TRIED = 0x10;

/** Value of the `block` row of a wait that may be given up. */
export const CANCELLABLE = 1;
/** Value of the `block` row of a wait that stops the task's whole thread, until it gets what it waits for. */
export const BLOCKS_THREAD = 2;

/** `arg` of a `status` row. */
export const Status = {
  holdsExclusive: 0,
  holdsShared: 1,
  running: 2,
  /** The value is a WaitGroup's counter or a channel's length. */
  count: 3,
  closed: 4,
  /** The task runs several async calls side by side. */
  forked: 5,
  /** `waits + mode`: the task waits for the lock in that mode; value as in its `block`. */
  waits: 16,
  /** As `waits`, of one more of the task's calls. */
  waitsAgain: 32,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** The mode in the `arg` of a `status` row that restates a wait. */
export const restatedMode = (arg: number): Mode => (arg & 0x0f) as Mode;

/** Why the program's trace ends. */
export const EndReason = {
  exit: 0,
  /** Nothing can run any more and tasks still wait. */
  stuck: 1,
  uncaught: 2,
  signal: 3,
  /** The trace was detached; the program goes on. */
  detached: 4,
} as const;
export type EndReason = (typeof EndReason)[keyof typeof EndReason];

/** Signals that end programs, by the numbers that they have on POSIX systems. */
export const Signal = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGTERM: 15,
} as const;
export type Signal = (typeof Signal)[keyof typeof Signal];

export const MarkLevel = { info: 0, warning: 1, error: 2 } as const;
export type MarkLevel = (typeof MarkLevel)[keyof typeof MarkLevel];

/**
 * What a lane shows at an instant, mildest first. Where several fall on one pixel the highest wins, so a wait
 * of a microsecond stays visible in a view of an hour.
 */
export const Severity = {
  idle: 0,
  run: 1,
  hold: 2,
  /** Held while others wait for it. */
  blocking: 3,
  wait: 4,
  /** A wait that can never end. */
  stuck: 5,
} as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** Code outside every `go()` on the main thread; a definition may give it a name. */
export const MAIN_TASK = 0;
/** The task that stands for whoever took, before the trace began, what was held then: that can be several. */
export const BEFORE_TRACE = "(before the trace)";
/** "No lock" in a row's lock word. */
export const NO_LOCK = 0;
/** "Place unknown" in a row's site. */
export const NO_SITE = 0;

/** The name a number has in `table` (`nameOf(EventKind, 4)` is `"acquire"`), or `undefined`. */
export function nameOf<T extends Record<string, number>>(
  table: T,
  value: number,
): (keyof T & string) | undefined {
  return namesOf(table)[value] as (keyof T & string) | undefined;
}

const nameTables = new WeakMap<object, (string | undefined)[]>();

function namesOf(table: Record<string, number>): (string | undefined)[] {
  let names = nameTables.get(table);
  if (names === undefined) {
    names = [];
    for (const [name, value] of Object.entries(table)) names[value] = name;
    nameTables.set(table, names);
  }
  return names;
}

export function isSelectMode(mode: number): boolean {
  return mode === Mode.selectSend || mode === Mode.selectReceive;
}
