import { type Entry, fail, instrument, park, Resource, ready, Waiter } from "../../runtime/index.js";
import { Flow } from "../flow.js";
import type { Releaser } from "./interfaces.js";

/** What a request gets: the value as it was before, and how to give back. */
export type Ticket = [value: number, release: Releaser];

/** Somebody who waits for so much of the value. */
class Request extends Waiter<Ticket> {
  constructor(
    gate: Gate,
    readonly permits: number,
    readonly priority: number,
    readonly flow: Flow | null,
  ) {
    super(gate, "acquire");
  }
}

/** Somebody who waits until he could have it, and does not take it. */
class Watcher extends Waiter {
  constructor(
    gate: Gate,
    readonly priority: number,
  ) {
    super(gate, "wait");
  }
}

/**
 * What a mutex and a semaphore of async-mutex have in common: a value of which requests take some, and a queue of
 * those for whom there was not enough, the highest priority first and equal ones in order of arrival.
 */
export abstract class Gate extends Resource {
  protected value: number;
  readonly #cancelError: Error;
  #queue: Request[] = [];
  /** By weight, each list in the order in which they are to be told. */
  readonly #watchers = new Map<number, Watcher[]>();

  constructor(value: number, cancelError: Error) {
    super();
    this.value = value;
    this.#cancelError = cancelError;
  }

  isLocked(): boolean {
    return this.value <= 0;
  }

  /** Rejects all requests that wait. */
  cancel(): void {
    const cancelled = this.#queue;
    this.#queue = [];
    for (const request of cancelled) {
      fail(request, this.#cancelError);
      request.flow?.leave(this);
    }
  }

  /** @internal */
  request(weight: number, priority: number, entry: Entry): Promise<Ticket> {
    const flow = Flow.enter(this, entry);
    const place = placeFor(this.#queue, priority);
    if (place === 0 && weight <= this.value) {
      if (instrument !== null) instrument.event("acquire", this, weight, entry);
      return Promise.resolve(this.#take(weight, flow));
    }
    const request = new Request(this, weight, priority, flow);
    this.#queue.splice(place, 0, request);
    return park(request, undefined, entry);
  }

  /** @internal */
  watch(weight: number, priority: number, entry: Entry): Promise<void> {
    const [first] = this.#queue;
    if (weight <= this.value && (first === undefined || first.priority < priority)) return Promise.resolve();
    const watcher = new Watcher(this, priority);
    const list = this.#watchers.get(weight);
    if (list === undefined) this.#watchers.set(weight, [watcher]);
    else list.splice(placeFor(list, priority), 0, watcher);
    return park(watcher, undefined, entry);
  }

  /** @internal `flow` gives back what it took; without one, it is anybody who does. */
  giveBack(weight: number, entry: Entry, flow: Flow | null = null): void {
    const tell = () => instrument?.event("release", this, weight, entry);
    if (flow === null) tell();
    else flow.run(tell);
    flow?.leave(this);
    this.change(this.value + weight);
  }

  /** Lets those go on for whom there is enough at `value`. */
  protected change(value: number): void {
    this.value = value;
    this.#tellWatchers();
    for (
      let [first] = this.#queue;
      first !== undefined && first.permits <= this.value;
      [first] = this.#queue
    ) {
      this.#queue.shift();
      ready(first, this.#take(first.permits, first.flow));
      this.#tellWatchers();
    }
  }

  #take(weight: number, flow: Flow | null): Ticket {
    const before = this.value;
    this.value -= weight;
    flow?.got(this);
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      this.giveBack(weight, release, flow);
    };
    return [before, release];
  }

  /** Those who watch for what there is now, unless somebody waits in line who comes before them. */
  #tellWatchers(): void {
    const [first] = this.#queue;
    for (let weight = this.value; weight > 0; weight--) {
      const list = this.#watchers.get(weight);
      if (list === undefined) continue;
      const ahead = first === undefined ? -1 : list.findIndex(({ priority }) => priority <= first.priority);
      const told = list.splice(0, ahead === -1 ? list.length : ahead);
      for (const watcher of told) ready(watcher, undefined);
    }
  }
}

/** Behind all that are at least as urgent. */
function placeFor(queue: readonly { readonly priority: number }[], priority: number): number {
  return queue.findLastIndex((other) => priority <= other.priority) + 1;
}
