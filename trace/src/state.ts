/** The live state of tasks and locks, as the rows so far tell it. */
import type { Lane } from "./lane.js";
import type { OrderedIndex } from "./ordered-index.js";
import type { LockKind, MarkLevel, Mode } from "./schema.js";

/** A lock in somebody's hands. */
export interface Hold {
  readonly task: TaskState;
  readonly lock: LockState;
  readonly mode: Mode;
  /** Milliseconds since the program's time origin. */
  readonly since: number;
  /** Where it was taken: a store-wide site number. */
  readonly site: number;
  /** Rises with every hold and wait of the program: which came first. */
  readonly order: number;
  /** Permits, read locks or depth of a recursive lock that the task has. */
  count: number;
}

/** Something that a task waits for. */
export interface Wait {
  readonly task: TaskState;
  /** `undefined`: a sleep, a join, a nil channel. */
  readonly lock: LockState | undefined;
  /** The task that is joined. */
  readonly joins: TaskState | undefined;
  readonly mode: Mode;
  readonly since: number;
  readonly site: number;
  /** See {@link Hold.order}. */
  readonly order: number;
  /** A signal or a time limit may still end it: it need not last for ever, whoever holds the lock. */
  readonly cancellable: boolean;
  /** The task's whole thread stands still, so that no other call of the task can go on meanwhile. */
  readonly blocksThread: boolean;
  /** All cases of a select, which goes on with any of them; else just this one. */
  readonly group: Wait[];
}

export type TaskPhase = "running" | "waiting" | "done" | "panicked";

export interface TaskState {
  readonly id: number;
  name: string;
  parent: number;
  thread: number;
  /** Where the task was started: a store-wide site number. */
  site: number;
  phase: TaskPhase;
  /** When it was first heard of. */
  readonly started: number;
  /** Infinity until the task has ended. */
  ended: number;
  /** What it waits for now, oldest first: several in a select, or when it has forked. */
  readonly waits: OrderedIndex<LockState | TaskState | undefined, Wait>;
  /**
   * It was seen to act while it waited: it runs several async calls side by side (`Promise.all`), so what it
   * holds need not be held by the call that waits. Always true of the main task.
   */
  forked: boolean;
  /** What it holds now, in the order taken. */
  readonly holds: OrderedIndex<LockState, Hold>;
  readonly lane: Lane;
}

export interface LockState {
  readonly id: number;
  /** When it was first heard of. */
  readonly met: number;
  kind: LockKind;
  /** The name of its class, where its kind has another; else "". */
  type: string;
  name: string;
  /** Where it was made: a store-wide site number. */
  site: number;
  /** A channel's buffer, a semaphore's permits; 0 where it means nothing. */
  capacity: number;
  /** See {@link EventKind.forget}; 0: it stays. */
  era: number;
  readonly holders: OrderedIndex<TaskState, Hold>;
  /** In the order they came. */
  readonly waiters: OrderedIndex<TaskState, Wait>;
  /** A WaitGroup's counter, a channel's length. */
  amount: number;
  closed: boolean;
  /** Times taken; for a channel values sent, for a WaitGroup changes of its counter. */
  uses: number;
  /** Times a task had to wait. */
  contentions: number;
  /** Ended waits, in milliseconds; see {@link longestWait} for one that includes those under way. */
  maxWait: number;
  totalWait: number;
  maxHold: number;
  totalHold: number;
  readonly lane: Lane;
}

/** The longest wait for a lock, those under way counted up to `now`, in milliseconds. */
export function longestWait(lock: LockState, now: number): number {
  let longest = lock.maxWait;
  for (const wait of lock.waiters) longest = Math.max(longest, now - wait.since);
  return longest;
}

/** Something worth showing at an instant. */
export interface Mark {
  /** Milliseconds since the program's time origin. */
  readonly time: number;
  readonly level: MarkLevel;
  /** A lock breakpoint stopped the program here; the text says why. */
  readonly stop: boolean;
  readonly task: TaskState;
  readonly lock: LockState | undefined;
  readonly site: number;
  readonly text: string;
}

export interface ProgramEnd {
  readonly time: number;
  /** {@link EndReason} */
  readonly reason: number;
  /** By which it was ended, where that is the reason. */
  readonly signal: number | undefined;
}
