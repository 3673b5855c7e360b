/// <reference lib="es2024.sharedmemory" />

import type { WaitFor } from "../runtime/hooks.js";
import { type Entry, fail, granted, park, ready, Waiter, WaitQueue } from "../runtime/index.js";
import { agent } from "./agent.js";
import { holdLoop, releaseLoop } from "./keep-alive.js";
import { SLOT_WORDS, TICKETS } from "./layout.js";
import type { SharedResource } from "./resource.js";

/** The words of a slot: the last four say what its thread stands for, should it end. */
const AGENT = 0;
const SIGNAL = 1;
const TICKET = 2;
const COUNT = 3;
/** What the thread has got, and how much of it other threads have given back. */
const HELD = 4;
const SPENT = 5;
const ROUND = 6;

/** The states of `SIGNAL`. */
const OUT = 0;
const WAITING = 1;
const CALLED = 2;

const NONE = -1;

/** A thread that blocks looks this often whether somebody has died: nobody could tell it. */
const LOOK_AROUND_MS = 50;

/** One who waits: a task, or the thread itself. */
export interface Turn {
  readonly line: Line;
  /** Who came first has the lower one, whichever thread it is of. */
  ticket: number;
  /** When it began to wait. */
  since: number;
  /** How much it wants (a semaphore), or which round it waits for. */
  readonly want: number;
  /** What it brings along (a message). */
  readonly load: unknown;
  /** What it gets. */
  result: unknown;
  /** Whether what it gets is a value, and not the end of them. */
  ok: boolean;
  /** Why it got something else than what it waited for. */
  error: unknown;
}

/** A waiting task. */
export class SharedWaiter<T> extends Waiter<T> implements Turn {
  /** It has given up, or was refused before it had begun. */
  gone = false;
  ticket = 0;
  since = 0;
  result: unknown = undefined;
  ok = false;
  error: unknown = undefined;

  constructor(
    resource: SharedResource,
    waitFor: WaitFor,
    readonly line: Line,
    readonly want = 0,
    readonly load: unknown = undefined,
  ) {
    super(resource, waitFor);
  }

  override leave(): void {
    this.gone = true;
    super.leave();
    this.line.left(this);
  }
}

/** A thread that blocks. */
class BlockedThread implements Turn {
  ticket = 0;
  since = 0;
  result: unknown = undefined;
  ok = false;
  error: unknown = undefined;

  constructor(
    readonly line: Line,
    readonly want: number,
    readonly load: unknown,
  ) {}
}

/**
 * This thread's place in a queue of threads: the only place where one waits for another.
 *
 * In shared memory each thread that waits has a slot: its number, the ticket of its first in line, and a
 * word to sleep on, `SIGNAL`. A thread that blocks sleeps on it by `Atomics.wait`; tasks queue here, in
 * the thread, and one `Atomics.waitAsync` on the same word stands for all of them. So:
 *
 * - a call (`SIGNAL` from waiting to called) reaches whoever is there, blocked or awaiting;
 * - no other thread sleeps on that word: what was begun and given up swallows nobody else's call;
 * - who leaves the queue changes its own slot, and no other.
 *
 * A call gives nothing away, it says "look again": who is called claims what he waits for, by one
 * compare-and-swap, and may find nothing. So a call too many does no harm. And none is too few: who waits
 * says so first and looks then; who gives something back does that first and looks for waiters then.
 *
 * There is no lock around all this, since a thread may be ended at any moment. But not quite at any: V8
 * ends threads where a function is called (the `Atomics` too) and where a loop goes round. So what an
 * atomic operation has done, and what plain writes right behind it do, is done together or not at all.
 */
export class Line {
  readonly #owner: SharedResource;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #first: number;
  readonly #last: number;
  /** Where the word stands that says how far the slots in use go. */
  readonly #high: number;
  /** After one has claimed something, the next in line may find something too. */
  readonly #chain: boolean;
  #slot = NONE;
  #blocked: BlockedThread | null = null;
  readonly #tasks = new WaitQueue<SharedWaiter<never>>();
  #listening = false;
  #serving = false;
  /** Whether tasks wait; the event loop is held for them. */
  #awaited = false;

  constructor(owner: SharedResource, high: number, first: number, slots: number, chain: boolean) {
    this.#owner = owner;
    this.#words = owner.words;
    this.#high = high;
    this.#first = first;
    this.#last = first + slots * SLOT_WORDS;
    this.#chain = chain;
  }

  /** Whether anybody waits, in any thread. */
  get awaited(): boolean {
    return this.front() !== NONE;
  }

  /** How many wait, in all threads. */
  get length(): number {
    let length = 0;
    const end = Atomics.load(this.#words, this.#high);
    for (let at = this.#first; at < end; at += SLOT_WORDS) length += Atomics.load(this.#words, at + COUNT);
    return length;
  }

  /** Whether nobody in another thread came before this thread's first. */
  get isFirst(): boolean {
    return this.front() === this.#slot;
  }

  /** The slot of the first in line; -1 if nobody waits. O(threads that have ever waited at a time). */
  front(): number {
    const end = Atomics.load(this.#words, this.#high);
    let found = NONE;
    let lowest = 0;
    for (let at = this.#first; at < end; at += SLOT_WORDS) {
      if (Atomics.load(this.#words, at + SIGNAL) === OUT) continue;
      const ticket = Atomics.load(this.#words, at + TICKET);
      if (found === NONE || ((ticket - lowest) | 0) < 0) {
        found = at;
        lowest = ticket;
      }
    }
    return found;
  }

  /** The ticket of whoever waits in `slot`. */
  ticketAt(slot: number): number {
    return Atomics.load(this.#words, slot + TICKET);
  }

  /** The current task waits in line until it has claimed what it wants. */
  park<T>(waiter: SharedWaiter<T>, signal: AbortSignal | undefined, entry: Entry): Promise<T> {
    try {
      this.#join(waiter);
    } catch (error) {
      return Promise.reject(error);
    }
    // Parked before it can be found: from then on it may be served at any moment.
    const promise = park(waiter, signal, entry);
    if (waiter.gone) return promise;
    this.#tasks.push(waiter as SharedWaiter<never>);
    this.#update();
    this.serve();
    this.#listen();
    return promise;
  }

  /** The thread waits in line. Returns its turn when it has claimed what it wants, null when time is up. */
  block(timeoutMs: number, want = 0, load?: unknown): Turn | null {
    const turn = new BlockedThread(this, want, load);
    this.#join(turn);
    this.#blocked = turn;
    this.#update();
    const end = turn.since + timeoutMs;
    let got = false;
    try {
      for (;;) {
        Atomics.store(this.#words, this.#slot + SIGNAL, WAITING);
        got = this.#owner.claim(turn);
        const left = end - performance.now();
        if (got || !(left > 0)) break;
        Atomics.wait(this.#words, this.#slot + SIGNAL, WAITING, Math.min(left, LOOK_AROUND_MS));
        this.#owner.lookAround();
      }
    } finally {
      const gone = !got;
      if (gone) got = this.#owner.delist(turn);
      this.#blocked = null;
      this.#update();
      if (gone) this.#owner.wake();
      else if (this.#chain) this.callFirst();
      this.serve();
    }
    return got ? turn : null;
  }

  /** `waiter` has given up. */
  left(waiter: SharedWaiter<never> | SharedWaiter<unknown>): void {
    this.#owner.delist(waiter);
    this.#update();
    this.#owner.wake();
  }

  /** Lets this thread's tasks claim what they wait for, as far as it goes. */
  serve(): void {
    // A thread that blocks cannot run its tasks: what is there is for itself.
    if (this.#serving || this.#blocked !== null) return;
    this.#serving = true;
    let served = false;
    for (;;) {
      const head = this.#tasks.peek();
      if (head === null || !this.#owner.claim(head)) break;
      this.#tasks.remove(head);
      this.#update();
      served = true;
      if (head.error === undefined) ready(head as SharedWaiter<unknown>, head.result);
      else fail(head, head.error);
    }
    this.#serving = false;
    if (served && this.#chain) this.callFirst();
  }

  /** Calls the first in line. */
  callFirst(): void {
    for (;;) {
      const slot = this.front();
      if (slot === NONE || this.#call(slot)) return;
    }
  }

  /** Calls everybody. */
  callAll(): void {
    const end = Atomics.load(this.#words, this.#high);
    for (let at = this.#first; at < end; at += SLOT_WORDS) {
      if (Atomics.load(this.#words, at + SIGNAL) !== OUT) this.#call(at);
    }
  }

  /** The word for how many of this thread's turns the primitive has counted as waiting. */
  get countAt(): number {
    return this.#slot + COUNT;
  }

  /** Makes sure that this thread has a slot, before it takes something that it is to answer for. */
  secure(): void {
    if (this.#slot === NONE) this.#slot = this.#findSlot();
  }

  /** The word for how much this thread has got of what {@link secure} was called for. */
  get heldAt(): number {
    return this.#slot + HELD;
  }

  /** How much it has got. */
  get held(): number {
    return this.#slot === NONE ? 0 : this.#heldIn(this.#slot);
  }

  /** The word for the round that this is of. */
  get roundAt(): number {
    return this.#slot + ROUND;
  }

  /** Gives the slot back if nothing is held or awaited any more. */
  unsecure(): void {
    if (this.#slot !== NONE) this.#update();
  }

  /** Takes `amount` off what other threads hold: as far as they do, for anybody may release. */
  spend(amount: number): void {
    let left = amount;
    const end = Atomics.load(this.#words, this.#high);
    for (let at = this.#first; at < end && left > 0; at += SLOT_WORDS) left -= this.#spendAt(at, left);
  }

  /** Clears the slots of threads that have ended. */
  sweep(isDead: (thread: number) => boolean): void {
    const words = this.#words;
    for (let at = this.#first; at < this.#last; at += SLOT_WORDS) {
      const thread = Atomics.load(words, at + AGENT);
      if (!isDead(thread)) continue;
      // In our name first: should we end in the middle of it, somebody else will clear up after us.
      if (Atomics.compareExchange(words, at + AGENT, thread, agent) !== thread) continue;
      Atomics.store(words, at + SIGNAL, OUT);
      this.#owner.bury(at + COUNT, at + HELD, at + SPENT, at + ROUND);
      words[at + COUNT] = words[at + HELD] = words[at + SPENT] = 0;
      Atomics.store(words, at + AGENT, 0);
    }
  }

  #join(turn: Turn): void {
    this.secure();
    turn.ticket = Atomics.add(this.#words, TICKETS, 1);
    turn.since = performance.now();
    if (Atomics.load(this.#words, this.#slot + SIGNAL) === OUT) {
      Atomics.store(this.#words, this.#slot + TICKET, turn.ticket);
      Atomics.store(this.#words, this.#slot + SIGNAL, WAITING);
    }
    this.#owner.enlist(turn);
  }

  /** Brings the slot, and the hold on the event loop, in line with who waits. */
  #update(): void {
    const first = this.#tasks.first;
    const awaited = first !== null;
    if (awaited !== this.#awaited) {
      this.#awaited = awaited;
      if (awaited) {
        holdLoop();
        this.#owner.deaths.follow(this.#owner);
      } else {
        releaseLoop();
        this.#owner.deaths.unfollow(this.#owner);
      }
    }
    // Those who queue here were there before the thread began to block.
    const turn = first ?? this.#blocked;
    if (turn !== null) {
      Atomics.store(this.#words, this.#slot + TICKET, turn.ticket);
      this.#words[this.#slot + COUNT] = this.#tasks.length + (this.#blocked === null ? 0 : 1);
    } else if (this.#slot !== NONE) this.#giveUpSlot(this.#slot);
  }

  #giveUpSlot(slot: number): void {
    const before = Atomics.exchange(this.#words, slot + SIGNAL, OUT);
    this.#words[slot + COUNT] = 0;
    // Our own wait for a call is over; nobody else sleeps here.
    if (this.#listening) Atomics.notify(this.#words, slot + SIGNAL);
    if (this.#heldIn(slot) === 0) {
      this.#slot = NONE;
      this.#words[slot + HELD] = this.#words[slot + SPENT] = 0;
      Atomics.store(this.#words, slot + AGENT, 0);
    }
    // The call came too late for us: let it be somebody else's.
    if (before === CALLED) this.#owner.wake();
  }

  #findSlot(): number {
    const words = this.#words;
    this.#owner.lookAround();
    for (let at = this.#first; at < this.#last; at += SLOT_WORDS) {
      if (Atomics.compareExchange(words, at + AGENT, 0, agent) !== 0) continue;
      const end = at + SLOT_WORDS;
      for (let high = Atomics.load(words, this.#high); high < end; high = Atomics.load(words, this.#high)) {
        Atomics.compareExchange(words, this.#high, high, end);
      }
      return at;
    }
    throw this.#owner.tooManyThreads((this.#last - this.#first) / SLOT_WORDS);
  }

  #heldIn(slot: number): number {
    return Atomics.load(this.#words, slot + HELD) - Atomics.load(this.#words, slot + SPENT);
  }

  #spendAt(slot: number, wanted: number): number {
    for (;;) {
      const spent = Atomics.load(this.#words, slot + SPENT);
      const more = Math.min(Atomics.load(this.#words, slot + HELD) - spent, wanted);
      if (more <= 0) return 0;
      if (Atomics.compareExchange(this.#words, slot + SPENT, spent, spent + more) === spent) return more;
    }
  }

  /** Whether it reached somebody: he may have left meanwhile. */
  #call(slot: number): boolean {
    if (slot === this.#slot && this.#blocked === null) {
      this.serve();
      return true;
    }
    const before = Atomics.compareExchange(this.#words, slot + SIGNAL, WAITING, CALLED);
    if (before === WAITING) Atomics.notify(this.#words, slot + SIGNAL);
    return before !== OUT;
  }

  #listen(): void {
    if (this.#listening || !this.#awaited) return;
    this.#listening = true;
    const { async, value } = Atomics.waitAsync(this.#words, this.#slot + SIGNAL, WAITING);
    (async ? value : granted).then(this.#called);
  }

  readonly #called = (): void => {
    this.#listening = false;
    if (!this.#awaited) return;
    Atomics.store(this.#words, this.#slot + SIGNAL, WAITING);
    this.serve();
    this.#listen();
  };
}
