/** In which orders tasks take locks: the graph that lockdep and go-deadlock keep, with the evidence for each edge. */
import type { LiveState } from "../live-state.js";
import { Mode } from "../schema.js";
import type { Hold, LockState, TaskState } from "../state.js";

/** Somebody asked for one lock while he had another. */
export interface OrderWitness {
  readonly task: TaskState;
  /** When he asked for the second, or got it; milliseconds since the program's time origin. */
  readonly time: number;
  /** Where he took the first: a store-wide site number, as the next one. */
  readonly firstSite: number;
  readonly firstMode: Mode;
  readonly secondSite: number;
  readonly secondMode: Mode;
  /** What else he had for himself alone: whoever needs one of them too cannot have been there at the same time. */
  readonly gates: readonly LockState[];
  /** What else he had for reading. */
  readonly sharedGates: readonly LockState[];
}

/** `second` was asked for by somebody who had `first`. */
export interface OrderEdge {
  readonly first: LockState;
  readonly second: LockState;
  /** Times that `second` was got so; 0 where it was only asked for. */
  readonly count: number;
  /** The first time. */
  readonly witness: OrderWitness;
  /** Those that differ in what matters: the task, how the locks were held, what else was held. */
  readonly witnesses: readonly OrderWitness[];
}

/** Past this, what more tasks did says nothing new of an edge. */
const MAX_WITNESSES = 8;

export class Edge implements OrderEdge {
  count = 0;
  readonly witnesses: OrderWitness[] = [];

  constructor(
    readonly first: LockState,
    readonly second: LockState,
  ) {}

  get witness(): OrderWitness {
    return this.witnesses[0]!;
  }

  /**
   * Takes a witness for what it adds to those known; undefined if that is nothing. O(1).
   * @param got whether he has the second lock by now
   * @param live whose task and locks the witness names
   */
  testify(
    hold: Hold,
    time: number,
    site: number,
    mode: Mode,
    got: boolean,
    live: LiveState,
  ): OrderWitness | undefined {
    if (this.witnesses.length >= MAX_WITNESSES) return undefined;
    // Nearly always these two are all that he has.
    const others = hold.task.holds.size - (got ? 2 : 1);
    let same = 0;
    for (const known of this.witnesses) {
      if (known.firstMode !== hold.mode || known.secondMode !== mode) continue;
      if (others === 0 ? gateCount(known) > 0 : !hasSameGates(known, hold.task, this)) continue;
      // A second task of a kind shows that there are several; a third one shows no more.
      if (known.task.id === hold.task.id || ++same === 2) return undefined;
    }
    const gates: LockState[] = [];
    const sharedGates: LockState[] = [];
    forEachGate(hold.task, this, (lock, shared) => {
      (shared ? sharedGates : gates).push(live.lock(lock.id));
    });
    const witness: OrderWitness = {
      task: live.task(hold.task.id, time),
      time,
      firstSite: hold.site,
      firstMode: hold.mode,
      secondSite: site,
      secondMode: mode,
      gates,
      sharedGates,
    };
    this.witnesses.push(witness);
    return witness;
  }
}

/** Locks that one task is looked at to have: the rest of a thousand is not worth a million edges. */
export const MAX_HELD = 32;

/** What `task` has besides the locks of the edge. */
function forEachGate(task: TaskState, edge: Edge, visit: (lock: LockState, shared: boolean) => void): void {
  let looked = 0;
  for (const { lock, mode } of task.holds) {
    if (++looked > MAX_HELD) break;
    if (lock.id !== edge.first.id && lock.id !== edge.second.id) visit(lock, mode === Mode.shared);
  }
}

const gateCount = ({ gates, sharedGates }: OrderWitness) => gates.length + sharedGates.length;

function hasSameGates(witness: OrderWitness, task: TaskState, edge: Edge): boolean {
  let left = gateCount(witness);
  forEachGate(task, edge, (lock, shared) => {
    const known = (shared ? witness.sharedGates : witness.gates).some(({ id }) => id === lock.id);
    // One more that is not known makes it another number.
    left -= known ? 1 : Number.POSITIVE_INFINITY;
  });
  return left === 0;
}
