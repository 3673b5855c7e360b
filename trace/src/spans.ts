/** All spans of a trace in columns: 30 bytes a span, whatever the number of lanes. Read them, do not write. */
export class SpanColumns {
  length = 0;
  /** Milliseconds since the program's time origin. */
  start = new Float64Array(256);
  /** Infinity while the span is open. */
  end = new Float64Array(256);
  severity = new Uint8Array(256);
  /** How the subject is held or waited for; {@link NO_HOLDER} in a lock's lane while nobody holds it. */
  mode = new Uint8Array(256);
  /** A task's lane: the lock (joining: the task) held or waited for. A lock's lane: its first holder. */
  subject = new Uint32Array(256);
  /** Where it was taken or waited for: a store-wide site number. */
  site = new Uint32Array(256);
  /** A lock's lane: its holders, or the counter of a WaitGroup, the length of a channel (65,535 at most). */
  amount = new Uint16Array(256);
  /** A lock's lane: how many tasks wait (65,535 at most). */
  waiters = new Uint16Array(256);
  /** The length at which columns grow the next time, and how often they have. */
  #growAt = growthAt(256, 0);
  #step = 0;

  /** Opens a span and returns its index. */
  open(
    start: number,
    severity: number,
    mode: number,
    subject: number,
    site: number,
    amount: number,
    waiters: number,
  ): number {
    const index = this.length++;
    if (index >= this.#growAt) this.#grow();
    this.start[index] = start;
    this.end[index] = Number.POSITIVE_INFINITY;
    this.severity[index] = severity;
    this.mode[index] = mode;
    this.subject[index] = subject;
    this.site[index] = site;
    this.amount[index] = Math.min(amount, 0xffff);
    this.waiters[index] = Math.min(waiters, 0xffff);
    return index;
  }

  /** The span was none; its place is used again if it is the last one. */
  forget(index: number): void {
    if (index === this.length - 1) this.length--;
    else this.end[index] = this.start[index]!;
  }

  /** Two or four columns at a time: of a long trace all of them are hundreds of megabytes, a pause that is felt. */
  #grow(): void {
    const step = this.#step++ % STEPS;
    const size = this.start.length * (step === 0 ? 2 : 1);
    if (step === 0) {
      this.start = grown(this.start, new Float64Array(size));
    } else if (step === 1) {
      this.end = grown(this.end, new Float64Array(size));
    } else if (step === 2) {
      this.subject = grown(this.subject, new Uint32Array(size));
      this.site = grown(this.site, new Uint32Array(size));
    } else {
      this.severity = grown(this.severity, new Uint8Array(size));
      this.mode = grown(this.mode, new Uint8Array(size));
      this.amount = grown(this.amount, new Uint16Array(size));
      this.waiters = grown(this.waiters, new Uint16Array(size));
    }
    this.#growAt = growthAt(step === STEPS - 1 ? size : size / 2, (step + 1) % STEPS);
  }
}

/** So many times the columns grow, a part of them each time, before they are full. */
const STEPS = 4;

/** The length at which the next of the columns grow, that have room for `size` spans. */
const growthAt = (size: number, step: number): number => size - (STEPS - step) * (size / 256);

/** `mode` of a lock's span that no holder explains: tasks wait for a channel, a WaitGroup counts. */
export const NO_HOLDER = 255;

function grown<A extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
