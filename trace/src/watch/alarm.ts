/** What can be wrong with a program's use of locks, each kind with its evidence. */
import type { DeadlockCycle, LeakedTask } from "../deadlocks.js";
import type { Hold, LockState, Mark, TaskState, Wait } from "../state.js";
import type { Inversion } from "./inversions.js";

interface AlarmOf<Kind extends string, Detail> {
  readonly kind: Kind;
  /** When it came about, in milliseconds since the program's time origin. */
  readonly time: number;
  readonly tasks: readonly TaskState[];
  readonly locks: readonly LockState[];
  /** The places that the text names: store-wide site numbers, each once. */
  readonly sites: readonly number[];
  /** In one line: who waits for what since when, who has it, taken where. */
  readonly text: string;
  /** The same for a terminal: a title, and a line for each of those involved. */
  readonly lines: readonly string[];
  readonly detail: Detail;
}

/** Tasks that wait for each other in a ring. Certain: nothing can end it any more. */
export type DeadlockAlarm = AlarmOf<
  "deadlock",
  {
    readonly cycle: DeadlockCycle;
    /** Tasks outside every cycle that wait for one in some cycle. */
    readonly behind: readonly TaskState[];
  }
>;

/** A task waits for what it has itself, or would have if it had not been refused. */
export type SelfRelockAlarm = AlarmOf<
  "self-relock",
  {
    /** Undefined where it was refused. */
    readonly wait: Wait | undefined;
    readonly hold: Hold | undefined;
    /** The program's own word on the refusal. */
    readonly mark: Mark | undefined;
    /** False while another of the task's calls may be the one that holds, and may still release. */
    readonly certain: boolean;
  }
>;

/** Locks taken in orders that make a circle; nothing has come of it so far. */
export type InversionAlarm = AlarmOf<"order-inversion", { readonly inversion: Inversion }>;

/** A lock in one hand for longer than the threshold. */
export type HeldAlarm = AlarmOf<
  "held-too-long",
  {
    readonly hold: Hold;
    /** Milliseconds. */
    readonly duration: number;
    /** The lock has been given back. */
    readonly over: boolean;
    /** Tasks that waited for the lock when it was noticed. */
    readonly waiters: number;
  }
>;

/** A task waits for a lock for longer than the threshold. */
export type StarvingAlarm = AlarmOf<
  "starving",
  {
    readonly wait: Wait;
    /** Milliseconds. */
    readonly duration: number;
    /** It has got the lock, or given up. */
    readonly over: boolean;
  }
>;

/** Tasks that the program left waiting at one place when it ended. */
export type LeakAlarm = AlarmOf<"leaked-task", { readonly leaked: readonly LeakedTask[] }>;

export type Alarm = DeadlockAlarm | SelfRelockAlarm | InversionAlarm | HeldAlarm | StarvingAlarm | LeakAlarm;

export type AlarmKind = Alarm["kind"];

/** Milliseconds; Infinity: never. */
export interface Thresholds {
  /** A lock held for longer than this is told of. */
  readonly heldMs: number;
  /** So is a task that waits for a lock for longer than this. */
  readonly waitMs: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = { heldMs: 1000, waitMs: 1000 };
