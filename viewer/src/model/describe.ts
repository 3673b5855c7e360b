/** What is said in words of locks, tasks and waits. */
import {
  type Hold,
  LockKind,
  type LockState,
  lockTypeOf,
  Mode,
  type Wait,
  type WaitEdge,
} from "@lockscope/trace";
import { formatCount, plural } from "./format.js";

export type LockStatus = "free" | "held" | "readers" | "permits" | "counting" | "open" | "closed";

export function lockStatus(lock: LockState): LockStatus {
  const hold = lock.holders.oldest;
  if (hold !== undefined) {
    if (lock.kind === LockKind.semaphore) return "permits";
    return hold.mode === Mode.shared ? "readers" : "held";
  }
  if (lock.kind === LockKind.channel || lock.kind === LockKind.timer) return lock.closed ? "closed" : "open";
  return lock.amount > 0 ? "counting" : "free";
}

/** The state of a lock that has no holder to be named. */
export function lockStatusText(lock: LockState): string {
  const status = lockStatus(lock);
  switch (status) {
    case "readers":
      return plural(lock.holders.size, "reader");
    case "permits":
      return permitsText(lock);
    case "counting":
      return `counter at ${formatCount(lock.amount)}`;
    case "open":
    case "closed":
      return `${status}, ${bufferText(lock)}`;
    default:
      return status;
  }
}

function permitsText(lock: LockState): string {
  let taken = 0;
  for (const hold of lock.holders) taken += hold.count;
  const of = lock.capacity > 0 ? ` of ${formatCount(lock.capacity)}` : "";
  return `${formatCount(taken)}${of} permits taken`;
}

function bufferText(lock: LockState): string {
  const length = Math.max(0, lock.amount);
  return lock.capacity === 0
    ? "unbuffered"
    : `${formatCount(length)} of ${formatCount(lock.capacity)} buffered`;
}

/** `Mutex accounts`. */
export const lockText = (lock: LockState): string => `${lockTypeOf(lock)} ${lock.name}`;

/** What comes before the name of the thing waited for. */
export function waitVerb(mode: number): string {
  switch (mode) {
    case Mode.shared:
      return "waits to read";
    case Mode.send:
    case Mode.selectSend:
      return "waits to send to";
    case Mode.receive:
    case Mode.selectReceive:
      return "waits to receive from";
    case Mode.join:
      return "waits for the end of";
    case Mode.sleep:
      return "sleeps";
    case Mode.forever:
      return "waits for ever";
    case Mode.external:
      return "waits for something outside the library";
    default:
      return "waits for";
  }
}

/** What is waited for, as it stands in a column of that name: `Mutex accounts`, `a value from Channel jobs`. */
export function waitTarget({ mode, lock, joins }: Wait): string {
  const target = lock !== undefined ? lockText(lock) : (joins?.name ?? "");
  switch (mode) {
    case Mode.shared:
      return `${target} (to read)`;
    case Mode.send:
    case Mode.selectSend:
      return `room in ${target}`;
    case Mode.receive:
    case Mode.selectReceive:
      return `a value from ${target}`;
    case Mode.join:
      return `the end of ${target}`;
    case Mode.sleep:
      return "a time (sleep)";
    case Mode.forever:
      return "nothing, for ever";
    case Mode.external:
      return "something outside the library";
    default:
      return target;
  }
}

/** `held by`, `read by`: how a holder has it. */
export const holdVerb = (hold: Hold): string => (hold.mode === Mode.shared ? "read by" : "held by");

/** Who waits for what that whom has, as one sentence. */
export function edgeSentence({ from, to, wait, stopped, hold, behind }: WaitEdge): string {
  if (stopped) return `${from.name} cannot run: its thread is stopped by ${to.name}`;
  const what = wait.lock === undefined ? to.name : lockText(wait.lock);
  const waits = `${from.name} ${waitVerb(wait.mode)} ${what}`;
  if (hold !== undefined) return `${waits}, ${holdVerb(hold)} ${from === to ? "itself" : to.name}`;
  return behind === undefined ? waits : `${waits}, behind the waiting writer ${to.name}`;
}
