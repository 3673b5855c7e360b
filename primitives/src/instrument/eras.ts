/** A part of a thread's life; locks are of the one in which the trace was told what they are. */
export interface Era {
  readonly of: Eras;
  /** Unique in the program; 0: the thread's first one, whose locks a reader keeps. */
  readonly number: number;
}

/** So many locks make an era: programs that have fewer know no other than the first. */
const LOCKS = 2 ** 12;

/**
 * Lets those who follow the trace forget locks, of which a program may make millions, each for a moment. When a thread
 * has made many since it last did so, a new era begins, and all locks of the one before that nobody has may be forgotten:
 * should one be used again, the trace is told anew what it is. A lock that lives is told of once an era at most, and an
 * era has at least as many new locks as are told of anew: so what is written at most doubles.
 */
export class Eras {
  current: Era = { of: this, number: 0 };
  readonly #nextNumber: () => number;
  #made = 0;
  #renewed = 0;
  /** Those that have ended, as long as that has not been told. */
  readonly #over: number[] = [];

  constructor(nextNumber: () => number) {
    this.#nextNumber = nextNumber;
  }

  /** The era of a lock that is made now. */
  forNewLock(): Era {
    if (this.#made >= Math.max(LOCKS, this.#renewed)) {
      if (this.current.number !== 0) this.#over.push(this.current.number);
      this.current = { of: this, number: this.#nextNumber() };
      this.#made = 0;
      this.#renewed = 0;
    }
    this.#made++;
    return this.current;
  }

  /** The era of a lock of a former one, which is used again. */
  forOldLock(): Era {
    this.#renewed++;
    return this.current;
  }

  /** @param tell writes that an era is over; false if that got lost: it is tried again later */
  tellEnds(tell: (number: number) => boolean): void {
    while (this.#over.length > 0 && tell(this.#over[0]!)) this.#over.shift();
  }
}
