import type { Named } from "../runtime/index.js";
import { instrument, Resource } from "../runtime/index.js";
import type { SyncError } from "../sync-error.js";
import { agent, drawIdentity, identityOf } from "./agent.js";
import { type Deaths, deathsOf } from "./deaths.js";
import { postTheHandle, type SharedHandle } from "./handle.js";
import { HIGH, IDENTITY, MEMBERS, THREADS, TRACE_ID, TRACE_TOLD } from "./layout.js";
import { Line } from "./line.js";
import { sharedMemory } from "./memory.js";
import { tooManyThreads } from "./misuse.js";
import { firstSlot } from "./slots.js";
import type { Turn } from "./turn.js";

export interface SharedOptions extends Named {
  /** How many threads can use it at the same time, up to 511; 64 unless told. Each takes 36 to 68 bytes. */
  threads?: number;
}

/** As many as have a number in a state word. */
const MOST_THREADS = 511;

/** What one kind of primitive needs. */
interface Shape {
  readonly kind: string;
  /** Its lines, and whether one who has claimed something calls the next. */
  readonly lines: readonly ("single" | "chain")[];
  /** Bytes behind the lines. */
  readonly extra?: number;
}

/**
 * The ancestor of the primitives that threads share. All their state is in the handle's memory; an
 * instance is one thread's view of it. Several instances for the same memory in one thread share their
 * lines, so that a thread that blocks knows of its own tasks in line.
 */
export abstract class SharedResource extends Resource {
  /** @internal */
  override readonly noCopy: symbol = postTheHandle;
  /** For `postMessage`; `from` makes the same primitive of it in another thread. */
  readonly handle: SharedHandle;
  /** @internal */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** @internal */
  readonly deaths: Deaths;
  /** @internal */
  protected readonly lines: readonly Line[];
  /** Where the bytes begin that the shape asked for. @internal */
  protected readonly extra: number;
  #mourned = 0;

  /** @internal */
  constructor(shape: Shape, options: SharedOptions | undefined, handle: SharedHandle | undefined) {
    super(handle === undefined ? options : { name: handle.name }, false);
    const threads = options?.threads ?? 64;
    if (!(Number.isInteger(threads) && threads > 0 && threads <= MOST_THREADS))
      throw new RangeError(`threads: ${threads}`);
    const buffer =
      handle?.buffer ?? sharedMemory(firstSlot(threads, shape.lines.length) * 4 + (shape.extra ?? 0));
    this.words = new Int32Array(buffer);
    this.deaths = deathsOf(handle?.deaths);
    this.handle = handle ?? { kind: shape.kind, buffer, name: this.name, deaths: this.deaths.buffer };
    if (handle === undefined) {
      drawIdentity(this.words, IDENTITY);
      this.words[THREADS] = threads;
      for (const line of shape.lines.keys()) this.words[HIGH + line] = this.#firstSlot(line);
    }
    this.extra = this.#firstSlot(shape.lines.length) * 4;
    this.lines = linesOf(identityOf(this.words, IDENTITY), () =>
      shape.lines.map((kind, line) => new Line(this, line, kind === "chain")),
    );
    if (instrument !== null) instrument.created(this, new.target);
  }

  /** @internal Takes what `turn` wants, if it may have it now; otherwise whoever enables it calls its line. */
  abstract claim(turn: Turn): boolean;

  /** @internal Somebody has left, perhaps with a call that he did not heed: calls those who may go on in his place. */
  wake(): void {}

  /** @internal `turn` begins to wait. */
  enlist(_turn: Turn): void {}

  /** @internal `turn` has given up. Whether it came too late: what it waited for had happened. */
  delist(_turn: Turn): boolean {
    return false;
  }

  /** @internal A thread has ended; the words of its slot say what it stood for, see {@link Line}. */
  bury(_countAt: number, _heldAt: number, _spentAt: number, _roundAt: number): void {}

  /** @internal The thread that goes by number `member` has ended: what it owned is given up in its place. */
  protected recover(_member: number): void {}

  /**
   * @internal This thread's number among those that use the primitive, small enough to stand in its state;
   * zero if there is room for no more: then nobody learns that what it owned is to be recovered.
   */
  protected member(): number {
    const { words } = this;
    const end = MEMBERS + words[THREADS]!;
    for (let at = MEMBERS; at < end; at++) if (Atomics.load(words, at) === agent) return at - MEMBERS + 1;
    for (let at = MEMBERS; at < end; at++) {
      if (Atomics.compareExchange(words, at, 0, agent) === 0) return at - MEMBERS + 1;
    }
    return 0;
  }

  /** @internal Clears up after threads that have ended. */
  sweep(): void {
    this.#mourned = this.deaths.count;
    const isDead = (thread: number) => thread !== 0 && thread !== agent && this.deaths.isDead(thread);
    for (const line of this.lines) line.sweep(isDead);
    const { words } = this;
    const end = MEMBERS + words[THREADS]!;
    for (let at = MEMBERS; at < end; at++) {
      const thread = Atomics.load(words, at);
      // In our name first: what it owned is ours then, and nobody else recovers it unless we end too.
      if (!isDead(thread) || Atomics.compareExchange(words, at, thread, agent) !== thread) continue;
      this.recover(at - MEMBERS + 1);
      Atomics.store(words, at, 0);
    }
    this.wake();
  }

  /** @internal What all threads' instruments know it by: the first one's choice, which is `own` if nobody came before. */
  agreeOnId(own: number): number {
    return Atomics.compareExchange(this.words, TRACE_ID, 0, own) >>> 0 || own;
  }

  /** @internal Whether somebody has told the trace before what it is. */
  tellOnce(): boolean {
    return Atomics.exchange(this.words, TRACE_TOLD, 1) !== 0;
  }

  /** @internal As {@link sweep}, if there is news. */
  lookAround(): void {
    if (this.deaths.count !== this.#mourned) this.sweep();
  }

  /** @internal */
  tooManyThreads(): SyncError {
    this.wake();
    return tooManyThreads(this, this.words[THREADS]!);
  }

  #firstSlot(line: number): number {
    return firstSlot(this.words[THREADS]!, line);
  }
}

const known = /* @__PURE__ */ new Map<number, WeakRef<readonly Line[]>>();
const forgotten = /* @__PURE__ */ new FinalizationRegistry<number>((identity) => {
  if (known.get(identity)?.deref() === undefined) known.delete(identity);
});

/** The lines of the memory that goes by `identity`, as this thread stands in them. */
function linesOf(identity: number, make: () => readonly Line[]): readonly Line[] {
  const found = known.get(identity)?.deref();
  if (found !== undefined) return found;
  const made = make();
  known.set(identity, new WeakRef(made));
  forgotten.register(made, identity);
  return made;
}
