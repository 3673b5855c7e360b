import type { Batch } from "../batch.js";
import { BLOCKS_THREAD, CANCELLABLE, EventKind, LockKind, Mode, TRIED } from "../schema.js";
import { TraceStore } from "../store.js";
import { StreamReader } from "../stream-reader.js";
import { TraceBuilder } from "../trace-builder.js";

const kinds: Record<string, { readonly kind: EventKind; readonly value?: number; readonly tried?: boolean }> =
  {
    "": { kind: EventKind.acquire },
    "%": { kind: EventKind.acquire, tried: true },
    "?": { kind: EventKind.block },
    "~": { kind: EventKind.block, value: CANCELLABLE },
    "=": { kind: EventKind.block, value: BLOCKS_THREAD },
    "^": { kind: EventKind.unblock },
    "!": { kind: EventKind.release },
    ".": { kind: EventKind.taskEnd },
  };

/**
 * Tasks and locks by letter and digit, a millisecond and a line of `play.ts` a step: `play("a 1, b 2, a 2?, b 1~")`.
 * After the lock comes what happens: nothing if it is taken, `%` if that was tried, `?` waits, `~` waits and may give up, `=` stops its thread, `^` waits no
 * longer, `!` gives back; `r` before that is the read side. A letter in place of the digit is a task that is
 * joined, `a .` is the end of `a`, and `main` the main task.
 */
export class Play {
  readonly store = new TraceStore();
  readonly trace = new TraceBuilder();
  readonly #reader = new StreamReader({ prelude: false });
  readonly #tasks = new Map<string, number>([["main", 0]]);
  readonly #locks = new Map<string, number>();
  #shipped = 0;
  #line = 0;

  /** @param kind of all locks */
  constructor(
    private readonly kind: LockKind = LockKind.mutex,
    private readonly capacity = 0,
  ) {}

  play(text: string): this {
    for (const step of text.split(",")) {
      this.trace.time++;
      this.#step(...(step.trim().split(" ") as [string, string]));
    }
    return this.ship();
  }

  /** Time passes, in milliseconds. */
  pass(ms: number): this {
    this.trace.time += ms;
    return this;
  }

  get now(): number {
    return this.trace.time;
  }

  task(name: string): number {
    let id = this.#tasks.get(name);
    if (id === undefined) {
      id = this.trace.task(name);
      this.#tasks.set(name, id);
    }
    return id;
  }

  /** These tasks run in thread `thread`; those of which nothing is said, in the main thread. */
  inThread(thread: number, ...names: readonly string[]): this {
    for (const name of names) this.trace.definitions.task(this.task(name), 0, thread, 0, name);
    return this;
  }

  lock(name: string, kind = this.kind): number {
    let id = this.#locks.get(name);
    if (id === undefined) {
      id = this.trace.lock(kind, name, 0, this.capacity);
      this.#locks.set(name, id);
    }
    return id;
  }

  /** What was written in other ways goes to the store too. */
  ship(): this {
    this.trace.flush();
    for (const batch of this.#batches()) this.store.append(batch);
    return this;
  }

  #batches(): Batch[] {
    const fresh = this.trace.batches.slice(this.#shipped);
    this.#shipped = this.trace.batches.length;
    return fresh.flatMap((bytes) => this.#reader.push(bytes));
  }

  #step(who: string, what: string): void {
    const [, name, read, happens] = /^(\w?)(r?)([%?~=^!.]?)$/.exec(what)!;
    const task = this.task(who);
    const joins = /[a-z]/.test(name!);
    const lock = name === "" ? 0 : joins ? this.task(name!) : this.lock(name!);
    const { tried, ...row } = kinds[happens!]!;
    const mode = joins ? Mode.join : read ? Mode.shared : Mode.exclusive;
    const arg = tried ? mode | TRIED : mode;
    const site = this.trace.site("/app/play.ts", ++this.#line);
    this.trace.row({ task, lock, arg, site, ...row });
  }
}

export const play = (text: string, kind?: LockKind, capacity?: number): TraceStore =>
  new Play(kind, capacity).play(text).store;
