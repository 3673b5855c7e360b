/** What a definition or a row means for the live state. */
import type { Definition } from "./definitions.js";
import type { LiveState } from "./live-state.js";
import type { TraceEvent } from "./row-decoder.js";
import {
  BLOCKS_THREAD,
  CANCELLABLE,
  EventKind,
  type LockKind,
  Mode,
  NO_LOCK,
  restatedMode,
  Status,
  TRIED,
} from "./schema.js";
import type { ThreadTable } from "./sites.js";
import type { LockState, TaskState } from "./state.js";

/** A task or a lock gets its name and place; of other definitions the live state knows nothing. */
export function applyDefinition(
  live: LiveState,
  { sites }: ThreadTable,
  definition: Definition,
  time: number,
): void {
  if (definition.tag === "task") {
    const task = live.task(definition.id, time);
    if (task.id !== definition.id) return;
    task.parent = definition.parent;
    task.thread = definition.thread;
    task.site = sites.get(definition.site);
    if (definition.name !== "") task.name = definition.name;
  } else if (definition.tag === "lock") {
    const lock = live.lock(definition.id, time);
    if (lock.id !== definition.id) return;
    lock.kind = definition.kind as LockKind;
    lock.site = sites.get(definition.site);
    lock.capacity = definition.capacity;
    lock.era = definition.era;
    lock.type = definition.type;
    if (definition.name !== "") lock.name = definition.name;
  }
}

/** O(1) amortised. Marks and the program's end change nobody's state; kinds not known are skipped. */
export function applyEvent(live: LiveState, event: TraceEvent): void {
  const { time, site, value } = event;
  const task = live.task(event.task, time);
  const mode = event.arg as Mode;
  switch (event.kind) {
    case EventKind.acquire:
      live.acquire(
        time,
        task,
        live.lock(event.lock, time),
        (mode & ~TRIED) as Mode,
        site,
        value ?? 1,
        (mode & TRIED) !== 0,
      );
      break;
    case EventKind.release:
      live.progress(time, task, undefined);
      live.release(time, task, live.lock(event.lock, time), mode, value ?? 1);
      break;
    case EventKind.block:
      live.block(
        time,
        task,
        lockOf(live, event, mode),
        joinOf(live, event, mode),
        mode,
        site,
        value === CANCELLABLE,
        value === BLOCKS_THREAD,
      );
      break;
    case EventKind.unblock:
    case EventKind.cancel:
    case EventKind.timeout:
      live.unblock(time, task, joinOf(live, event, mode) ?? lockOf(live, event, mode));
      break;
    case EventKind.taskStart:
      live.startTask(time, task);
      break;
    case EventKind.taskEnd:
      live.endTask(time, task, event.arg === 1);
      break;
    case EventKind.send:
    case EventKind.recv:
      transfer(live, event, task);
      break;
    case EventKind.close:
      live.lock(event.lock, time).closed = true;
      break;
    case EventKind.add:
      add(live, event);
      break;
    case EventKind.status:
      restate(live, event, task);
      break;
    case EventKind.forget:
      live.forgetLocks((value ?? 0) >>> 0);
      break;
  }
}

function lockOf(live: LiveState, event: TraceEvent, mode: Mode): LockState | undefined {
  return mode === Mode.join || event.lock === NO_LOCK ? undefined : live.lock(event.lock, event.time);
}

function joinOf(live: LiveState, event: TraceEvent, mode: Mode): TaskState | undefined {
  return mode === Mode.join ? live.task(event.lock, event.time) : undefined;
}

function transfer(live: LiveState, event: TraceEvent, task: TaskState): void {
  const lock = live.lock(event.lock, event.time);
  live.progress(event.time, task, lock);
  if (event.kind === EventKind.send) {
    lock.uses++;
    live.setAmount(event.time, lock, lock.amount + 1);
  } else if (event.arg === 0) {
    live.setAmount(event.time, lock, lock.amount - 1);
  }
}

function add(live: LiveState, event: TraceEvent): void {
  const lock = live.lock(event.lock, event.time);
  lock.uses++;
  live.setAmount(event.time, lock, lock.amount + (event.value ?? signedByte(event.arg)));
}

const signedByte = (byte: number): number => (byte << 24) >> 24;

/** "This was so already": nothing happens where it is known to be so. */
function restate(live: LiveState, event: TraceEvent, task: TaskState): void {
  const { time, site, value, arg } = event;
  if (arg >= Status.waits) {
    const mode = restatedMode(arg);
    const lock = lockOf(live, event, mode);
    const joins = joinOf(live, event, mode);
    if (arg < Status.waitsAgain && task.waits.find(lock ?? joins) !== undefined) return;
    live.block(time, task, lock, joins, mode, site, value === CANCELLABLE, value === BLOCKS_THREAD);
  } else if (arg === Status.holdsExclusive || arg === Status.holdsShared) {
    const lock = live.lock(event.lock, time);
    if (task.holds.find(lock) !== undefined) return;
    live.acquire(time, task, lock, arg as Mode, site, value ?? 1);
    lock.uses--;
  } else if (arg === Status.running) {
    live.endWaits(time, task);
  } else if (arg === Status.forked) {
    task.forked = true;
  } else if (arg === Status.count) {
    live.setAmount(time, live.lock(event.lock, time), value ?? 0);
  } else if (arg === Status.closed) {
    live.lock(event.lock, time).closed = true;
  }
}
