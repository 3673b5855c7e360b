import type { LiveObserver } from "../live-observer.js";
import type { LiveState } from "../live-state.js";
import { LockKind, Mode } from "../schema.js";
import type { Hold, LockState, TaskState, Wait } from "../state.js";
import { doubts, type Inversion, inversionThrough } from "./inversions.js";
import { Edge, MAX_HELD, type OrderEdge, type OrderWitness } from "./order-graph.js";

/** More edges, or more inversions, than this are not kept. */
const MAX_EDGES = 100_000;
const MAX_INVERSIONS = 1_000;
/** Steps of the search for circles: for one new witness, and in all. */
const STEPS_EACH = 20_000;
const STEPS_IN_ALL = 20_000_000;

/**
 * Keeps the orders in which locks are taken, and finds the inversions among them as soon as the last edge is
 * there, whether or not the program ever deadlocks. A task that has one lock at a time costs two comparisons.
 *
 * Only locks with an owner count: a semaphore's permits may be given back by anybody, so having one orders nothing.
 */
export class OrderWatch implements LiveObserver {
  /** Something was left out, since there was too much of it. */
  truncated = false;
  /** The inversions found so far, in that order. One for which there is surer evidence is replaced. */
  readonly inversions: Inversion[] = [];
  /** Rises whenever one is found or replaced. */
  version = 0;
  readonly #live: LiveState;
  readonly #maxEdges: number;
  #edges: OrderEdge[] = [];
  /** By the ids of the first and of the second lock. */
  readonly #from = new Map<number, Map<number, Edge>>();
  /** The circles found, by their locks. */
  readonly #known = new Map<string, number>();
  #steps = STEPS_IN_ALL;
  /** How many eras of locks were over when there was need for room. */
  #erasOver = 0;

  /**
   * @param live whose tasks and locks are meant, where what is heard is another's, made from the same rows
   * @param maxEdges so many are kept
   */
  constructor(live: LiveState, maxEdges = MAX_EDGES) {
    this.#live = live;
    this.#maxEdges = maxEdges;
  }

  get edges(): readonly OrderEdge[] {
    return this.#edges;
  }

  acquired(time: number, task: TaskState, lock: LockState, mode: Mode, site: number, tried: boolean): void {
    // Who would not have waited closes no circle; what he takes after that is taken while he has it.
    if (task.holds.size > 1 && !tried) this.#asked(time, task, lock, mode, site, true);
  }

  blocked(time: number, { task, lock, mode, site }: Wait): void {
    if (task.holds.size === 0 || lock === undefined) return;
    if (mode === Mode.exclusive || mode === Mode.shared) this.#asked(time, task, lock, mode, site, false);
  }

  /** What is given back, or given up, orders nothing. */
  released(): void {}

  unblocked(): void {}

  /** `task`, which may have other locks, asks for one more, or has got it. */
  #asked(time: number, task: TaskState, lock: LockState, mode: Mode, site: number, got: boolean): void {
    if (!hasOwner(lock)) return;
    let looked = 0;
    for (const hold of task.holds) {
      if (++looked > MAX_HELD) break;
      // What he has already, he has from before what he took since.
      if (hold.lock === lock) break;
      if (hasOwner(hold.lock)) this.#note(hold, lock, time, site, mode, got);
    }
  }

  #note(hold: Hold, lock: LockState, time: number, site: number, mode: Mode, got: boolean): void {
    const edge = this.#edge(hold.lock, lock);
    if (edge === undefined) return;
    if (got) edge.count++;
    const witness = edge.testify(hold, time, site, mode, got, this.#live);
    if (witness !== undefined) this.#search(edge, witness);
  }

  #edge(first: LockState, second: LockState): Edge | undefined {
    let from = this.#from.get(first.id);
    const known = from?.get(second.id);
    if (known !== undefined) return known;
    if (this.#edges.length >= this.#maxEdges && !this.#makeRoom()) return undefined;
    if (from === undefined) {
      from = new Map();
      this.#from.set(first.id, from);
    }
    const edge = new Edge(this.#live.lock(first.id), this.#live.lock(second.id));
    from.set(second.id, edge);
    this.#edges.push(edge);
    return edge;
  }

  /** Leaves out the orders of locks that nobody uses any more: of a program that makes two for each request, nearly all. */
  #makeRoom(): boolean {
    const live = this.#live;
    this.truncated = true;
    if (live.erasOver === this.#erasOver) return false;
    this.#erasOver = live.erasOver;
    this.#edges = this.#edges.filter(({ first, second }) => {
      if (!live.isDormant(first) && !live.isDormant(second)) return true;
      const from = this.#from.get(first.id);
      from?.delete(second.id);
      if (from?.size === 0) this.#from.delete(first.id);
      return false;
    });
    return this.#edges.length < this.#maxEdges;
  }

  #search(edge: Edge, witness: OrderWitness): void {
    if (this.#steps <= 0 || this.inversions.length >= MAX_INVERSIONS) {
      this.truncated = true;
      return;
    }
    const budget = { steps: Math.min(STEPS_EACH, this.#steps) };
    const given = budget.steps;
    const found = inversionThrough(edge, witness, ({ id }) => this.#from.get(id)?.values() ?? [], budget);
    this.#steps -= given - Math.max(0, budget.steps);
    if (budget.steps <= 0) this.truncated = true;
    if (found !== undefined) this.#keep(found);
  }

  /** Of one circle only the surest evidence is kept. */
  #keep(found: Inversion): void {
    const locks = found.steps.map(({ edge }) => edge.first.id);
    const key = locks.sort((a, b) => a - b).join();
    const at = this.#known.get(key);
    if (at === undefined) {
      this.#known.set(key, this.inversions.push(found) - 1);
    } else if (doubts(found) < doubts(this.inversions[at]!)) {
      this.inversions[at] = found;
    } else {
      return;
    }
    this.version++;
  }
}

/** Whether who takes a lock of this kind is who gives it back. */
export const hasOwner = ({ kind }: LockState) =>
  kind === LockKind.mutex || kind === LockKind.rwmutex || kind === LockKind.recursiveMutex;
