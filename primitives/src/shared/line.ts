/// <reference lib="es2024.sharedmemory" />
import { block, type Entry, fail, granted, park, ready, WaitQueue, type Woken } from "../runtime/index.js";
import { holdLoop, releaseLoop } from "./keep-alive.js";
import { TICKETS } from "./layout.js";
import { OwnerDied } from "./misuse.js";
import type { SharedResource } from "./resource.js";
import {
  AGENT,
  CALLED,
  COUNT,
  HELD,
  NONE,
  OUT,
  ROUND,
  SIGNAL,
  Slots,
  SPENT,
  TICKET,
  WAITING,
} from "./slots.js";
import type { SharedWaiter, Turn } from "./turn.js";

/** A thread that blocks looks this often whether somebody has died: nobody could tell it. */
const LOOK_AROUND_MS = 50;

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
  readonly #slots: Slots;
  /** After one has claimed something, the next in line may find something too. */
  readonly #chain: boolean;
  #slot = NONE;
  #blocked: Turn | null = null;
  readonly #tasks = new WaitQueue<SharedWaiter<never>>();
  #listening = false;
  #serving = false;
  /** Whether tasks wait; the event loop is held for them. */
  #awaited = false;

  /** @param index which of its owner's lines this is */
  constructor(owner: SharedResource, index: number, chain: boolean) {
    this.#owner = owner;
    this.#words = owner.words;
    this.#slots = new Slots(owner.words, index);
    this.#chain = chain;
  }

  /** Whether anybody waits, in any thread. */
  get awaited(): boolean {
    return this.#slots.front() !== NONE;
  }

  /** How many wait, in all threads. */
  get length(): number {
    return this.#slots.count();
  }

  /** Whether nobody in another thread came before this thread's first. */
  get isFirst(): boolean {
    return this.#slots.front() === this.#slot;
  }

  /** The ticket of the first in line, if anybody waits. */
  get firstTicket(): number | undefined {
    const slot = this.#slots.front();
    return slot === NONE ? undefined : Atomics.load(this.#words, slot + TICKET);
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

  /** The thread waits in line. Whether it has claimed what it wants; if not, time is up. */
  block(turn: SharedWaiter<never>, timeoutMs: number, entry: Entry): boolean {
    const limited = timeoutMs !== Number.POSITIVE_INFINITY;
    return block(turn, limited, entry, () => this.#sleep(turn, timeoutMs)) !== "late";
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
      else fail(head, head.error, head.error instanceof OwnerDied);
    }
    this.#serving = false;
    if (served && this.#chain) this.callFirst();
  }

  /** Calls the first in line. */
  callFirst(): void {
    for (;;) {
      const slot = this.#slots.front();
      if (slot === NONE || this.#call(slot)) return;
    }
  }

  /** Calls everybody. */
  callAll(): void {
    for (const slot of this.#slots.awaited()) this.#call(slot);
  }

  /** The word for how many of this thread's turns the primitive has counted as waiting. */
  get countAt(): number {
    return this.#slot + COUNT;
  }

  /** Makes sure that this thread has a slot, before it takes something that it is to answer for. */
  secure(): void {
    if (this.#slot !== NONE) return;
    this.#owner.lookAround();
    const slot = this.#slots.claim();
    if (slot === NONE) throw this.#owner.tooManyThreads();
    this.#slot = slot;
  }

  /** The word for how much this thread has got of what {@link secure} was called for. */
  get heldAt(): number {
    return this.#slot + HELD;
  }

  /** How much it has got. */
  get held(): number {
    return this.#slot === NONE ? 0 : this.#slots.held(this.#slot);
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
    this.#slots.spend(amount);
  }

  /** Clears up after threads that have ended. */
  sweep(isDead: (thread: number) => boolean): void {
    this.#slots.sweep(isDead, (slot) =>
      this.#owner.bury(slot + COUNT, slot + HELD, slot + SPENT, slot + ROUND),
    );
  }

  #sleep(turn: Turn, timeoutMs: number): Woken {
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
    if (!got) return "late";
    return turn.error === undefined || turn.error instanceof OwnerDied ? "got" : "failed";
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
    if (this.#slots.held(slot) === 0) {
      this.#slot = NONE;
      this.#words[slot + HELD] = this.#words[slot + SPENT] = 0;
      Atomics.store(this.#words, slot + AGENT, 0);
    }
    // The call came too late for us: let it be somebody else's.
    if (before === CALLED) this.#owner.wake();
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
