import type { LockState, TaskState } from "@lockscope/trace";
import { isFocus, lockFocus, taskFocus } from "../model/focus.js";
import { formatKind } from "../model/format.js";
import { usePage } from "./page.js";

/** A lock's name: a click picks it out. */
export function LockName({ lock, kind = false }: { readonly lock: LockState; readonly kind?: boolean }) {
  const { focus, setFocus } = usePage();
  return (
    <button
      type="button"
      class="name link"
      title={`${formatKind(lock.kind)} ${lock.name}`}
      aria-pressed={isFocus(focus, "lock", lock.id)}
      onClick={() => setFocus(lockFocus(lock))}
    >
      {kind && <span class="kind">{formatKind(lock.kind)} </span>}
      {lock.name}
    </button>
  );
}

/** A task's name: a click picks it out. */
export function TaskName({ task }: { readonly task: TaskState }) {
  const { focus, setFocus, stopped } = usePage();
  return (
    <>
      <button
        type="button"
        class="name link"
        title={task.name}
        aria-pressed={isFocus(focus, "task", task.id)}
        onClick={() => setFocus(taskFocus(task))}
      >
        {task.name}
      </button>
      {stopped?.task === task.id && <span class="stopped-mark">stopped here</span>}
    </>
  );
}
