import {
  type Entry,
  enableIdentity,
  granted,
  identify,
  instrument,
  registry,
  type TaskRecord,
} from "../runtime/index.js";

/** Who a flow is in the trace. When the flow is over, the next one may go by the same name. */
class Lane implements TaskRecord {
  readonly id = ++registry.lastTaskId;
  readonly name: string;
  waits = 0;
  notes: unknown = undefined;

  constructor(number: number) {
    this.name = `flow ${number}`;
  }

  get task(): TaskRecord {
    return this;
  }

  get outer(): null {
    return null;
  }

  get state(): "waiting" | "running" {
    return this.waits > 0 ? "waiting" : "running";
  }
}

/**
 * A program that knows no tasks still has several things under way at a time, or it would need no locks. A flow
 * is one of them, from the first lock that it asks for to the last that it gives back; so a trace can tell who
 * holds and who waits. It travels with the code that asked, across its awaits.
 */
export class Flow {
  readonly #lane: Lane;
  readonly #held = new Set<object>();
  /** Requests that are under way, and holds. */
  #uses = 0;
  /** The synchronous stretch in which it last asked for something. */
  #stretch = stretch;

  private constructor(lane: Lane) {
    this.#lane = lane;
  }

  get task(): TaskRecord {
    return this.#lane;
  }

  get outer(): null {
    return null;
  }

  /**
   * The flow of the running code, which asks for `resource`; null where nobody watches, or a task does that has
   * been started as one.
   *
   * What the code inherits is its own flow only if it can have gone on by itself: not while that waits, not in
   * the stretch in which that asked for something else (whoever did has not awaited it, or is somebody beside),
   * and not for what that has (it would wait for itself, which detached code does not).
   */
  static enter(resource: object, entry: Entry): Flow | null {
    if (instrument === null) return null;
    enableIdentity();
    const { storage } = registry;
    if (storage === null) return null;
    const carried = storage.getStore();
    let flow = carried instanceof Flow && carried.#uses > 0 ? carried : null;
    if (flow === null && !(carried instanceof Flow) && identify() !== null) return null;
    const beside =
      flow !== null && (flow.task.waits > 0 || flow.#stretch === stretch || flow.#held.has(resource));
    if (flow === null || beside) {
      flow = new Flow(takeLane(entry));
      storage.enterWith(flow);
    }
    countStretch();
    flow.#stretch = stretch;
    flow.#uses++;
    return flow;
  }

  got(resource: object): void {
    this.#held.add(resource);
  }

  /** A request came to nothing, or what it brought is given back. */
  leave(resource: object): void {
    this.#held.delete(resource);
    if (--this.#uses === 0) free.push(this.#lane);
  }

  /** Runs `fn` as part of this flow, wherever it is called. */
  run(fn: () => void): void {
    if (registry.storage === null) fn();
    else registry.storage.run(this, fn);
  }
}

/** Lanes of flows that are over. */
const free: Lane[] = [];
let lanes = 0;
let stretch = 0;
let counting = false;

function takeLane(entry: Entry): Lane {
  const used = free.pop();
  if (used !== undefined) return used;
  const lane = new Lane(++lanes);
  instrument?.spawned(lane, entry);
  instrument?.began(lane);
  return lane;
}

/** The next stretch begins when the microtasks have their turn. */
function countStretch(): void {
  if (counting) return;
  counting = true;
  granted.then(() => {
    counting = false;
    stretch++;
  });
}
