// More permits than there are, by constants of the text.
import { Semaphore } from "@lockscope/sync/group";

declare function work(): Promise<void>;

const size = 4;
const slots = new Semaphore(size, { name: "slots" });
const pair = new Semaphore(2);

export async function all(): Promise<void> {
  await slots.acquire(size);
  try {
    await work();
  } finally {
    slots.release(size);
  }
}

export async function tooMany(): Promise<void> {
  await slots.acquire(size + 1); // want: semaphore-over-acquire
  try {
    await work();
  } finally {
    slots.release(size + 1);
  }
}

export async function inASection(): Promise<void> {
  await pair.withPermit(() => work(), 3); // want: semaphore-over-acquire
}

export async function tried(): Promise<boolean> {
  if (!pair.tryAcquire(3)) return false; // want: semaphore-over-acquire
  try {
    await work();
  } finally {
    pair.release(3);
  }
  return true;
}

class Limited {
  static readonly limit = 8;
  readonly #memory = new Semaphore(Limited.limit);
  readonly #given: Semaphore;

  constructor(permits: number) {
    this.#given = new Semaphore(permits);
  }

  async large(): Promise<void> {
    await this.#memory.acquire(16); // want: semaphore-over-acquire
    try {
      await work();
    } finally {
      this.#memory.release(16);
    }
  }

  async asLargeAsItGets(wanted: number): Promise<void> {
    const n = Math.min(wanted, Limited.limit);
    await this.#memory.acquire(n);
    try {
      await work();
    } finally {
      this.#memory.release(n);
    }
  }

  async ofUnknownSize(): Promise<void> {
    await this.#given.withPermit(() => work(), 16);
  }
}

export const limited = new Limited(3);

/** More are given back than were taken. */
export async function surplus(): Promise<void> {
  await slots.acquire();
  try {
    await work();
  } finally {
    slots.release(2); // want: unlock-of-unlocked
  }
}

/** Fewer are given back than were taken. */
export async function deficit(): Promise<void> {
  await slots.acquire(2); // want: missing-unlock
  await work();
  slots.release();
}
