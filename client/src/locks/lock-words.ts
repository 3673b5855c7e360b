/** Words for the state of locks and tasks, where there is room for a few only. */
import { type Hold, LockKind, type LockState, Mode, type TaskState, type Wait } from "@lockscope/trace";

/** The name of a codicon. */
export function iconOf({ kind, holders }: LockState): string {
  if (kind === LockKind.channel) return "arrow-swap";
  if (kind === LockKind.waitgroup || kind === LockKind.errgroup) return "checklist";
  if (kind === LockKind.cond) return "bell";
  return holders.size > 0 ? "lock" : "unlock";
}

/** What a channel or a WaitGroup has; nothing of other locks. */
export function amountText({ kind, amount, capacity, closed }: LockState): string {
  if (kind === LockKind.channel) return `${amount} of ${capacity}${closed ? ", closed" : ""}`;
  return kind === LockKind.waitgroup || kind === LockKind.errgroup ? `counter ${amount}` : "";
}

/** Said where it is not what one expects. */
export function modeText({ mode, lock }: Hold | Wait): string {
  if (lock?.kind !== LockKind.rwmutex) return "";
  return mode === Mode.shared ? " for reading" : " for writing";
}

export const phaseText = ({ phase }: TaskState) => (phase === "running" ? "" : phase);

/** What is waited for where it is neither a lock nor a task. */
export const waitNames: Partial<Record<Mode, string>> = {
  [Mode.sleep]: "time to pass",
  [Mode.external]: "something outside",
  [Mode.forever]: "what can never happen",
};
