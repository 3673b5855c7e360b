import type { LockState, TaskState, TraceStore } from "@lockscope/trace";
import { lockText } from "./describe.js";
import { formatPlace } from "./format.js";

/** The one thing that the user has picked out: its lane is marked, its events are listed. */
export type Focus =
  | { readonly type: "lock"; readonly id: number }
  | { readonly type: "task"; readonly id: number }
  | { readonly type: "place"; readonly file: string; readonly line: number };

export const lockFocus = ({ id }: LockState): Focus => ({ type: "lock", id });
export const taskFocus = ({ id }: TaskState): Focus => ({ type: "task", id });

/** `undefined` if the trace knows nothing of it. */
export function focusText(focus: Focus, store: TraceStore): string | undefined {
  if (focus.type === "place") return formatPlace(focus);
  if (focus.type === "task") return store.live.findTask(focus.id)?.name;
  const lock = store.live.findLock(focus.id);
  return lock && lockText(lock);
}

export const isFocus = (focus: Focus | undefined, type: "lock" | "task", id: number): boolean =>
  focus?.type === type && focus.id === id;
