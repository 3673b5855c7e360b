import type { LockState, TaskState, TraceEvent, TraceStore } from "@lockscope/trace";
import { NewEvents } from "./new-events.js";

/** So many combinations of task, lock and place are remembered, those seen last: nearly every event is one of them. */
const RECENT = 4096;
/** Task, lock and place, and a one: nothing is like a slot that is empty. */
const WORDS = 4;

interface Used<T> {
  readonly by: Set<T>;
  readonly sites: Set<number>;
}

/** Which tasks ever used which locks, and where. Made from all events, and from those that have come since. */
export class Usage {
  readonly #store: TraceStore;
  readonly #events: NewEvents;
  readonly #locks = new Map<number, Used<TaskState>>();
  readonly #tasks = new Map<number, Used<LockState>>();
  readonly #recent = new Int32Array(RECENT * WORDS);

  constructor(store: TraceStore) {
    this.#store = store;
    this.#events = new NewEvents(store);
  }

  /** Takes in what is new. O(new events). */
  refresh(): this {
    this.#events.visit((event) => {
      if (this.#isNew(event)) this.#take(event);
    });
    return this;
  }

  tasksOf(lock: number): Iterable<TaskState> {
    return this.#locks.get(lock)?.by ?? [];
  }

  locksOf(task: number): Iterable<LockState> {
    return this.#tasks.get(task)?.by ?? [];
  }

  sitesOfLock(lock: number): Iterable<number> {
    return this.#locks.get(lock)?.sites ?? [];
  }

  sitesOfTask(task: number): Iterable<number> {
    return this.#tasks.get(task)?.sites ?? [];
  }

  /** False only for what has been taken: to look into sets would cost ten times as much. */
  #isNew({ task, lock, site }: TraceEvent): boolean {
    const recent = this.#recent;
    const hash = Math.imul(task, 0x9e3779b1) ^ Math.imul(lock, 0x85ebca6b) ^ Math.imul(site, 0xc2b2ae35);
    const slot = (((hash >>> 16) ^ hash) & (RECENT - 1)) * WORDS;
    if (
      recent[slot + 3] === 1 &&
      recent[slot] === (task | 0) &&
      recent[slot + 1] === (lock | 0) &&
      recent[slot + 2] === site
    ) {
      return false;
    }
    recent[slot] = task;
    recent[slot + 1] = lock;
    recent[slot + 2] = site;
    recent[slot + 3] = 1;
    return true;
  }

  #take(event: TraceEvent): void {
    const { live } = this.#store;
    const task = live.findTask(event.task);
    // A join's lock word is the id of a task: there is no lock with that id.
    const lock = live.findLock(event.lock);
    const ofTask = entry(this.#tasks, event.task);
    if (event.site !== 0) ofTask.sites.add(event.site);
    if (lock === undefined) return;
    ofTask.by.add(lock);
    const ofLock = entry(this.#locks, event.lock);
    if (task !== undefined) ofLock.by.add(task);
    if (event.site !== 0) ofLock.sites.add(event.site);
  }
}

function entry<T>(map: Map<number, Used<T>>, id: number): Used<T> {
  let used = map.get(id);
  if (used === undefined) {
    used = { by: new Set(), sites: new Set() };
    map.set(id, used);
  }
  return used;
}
