const cells = new Int32Array(new SharedArrayBuffer(32));
const HEAD = 0;
const TAIL = 1;
enum Slot {
  State,
  Waiters,
  Data = 4,
}

export function add(): void {
  Atomics.add(cells, HEAD, 1);
  Atomics.store(cells, Slot.Waiters, 0);
}

export function wrong(): number {
  cells[HEAD]!++; // want: atomic-plain-mix
  cells[0]! += 2; // want: atomic-plain-mix
  if (cells[TAIL]! > 0) cells[HEAD] = 3; // want: atomic-plain-mix, atomic-plain-mix
  return cells[0]!; // want: atomic-plain-mix
}

/** Only this code's: nobody uses these by Atomics. */
export function data(): number {
  cells[2] = 1;
  cells[Slot.Data]! += 1;
  return cells[2]! + cells[7]!;
}

export function dynamic(i: number, n: number): number {
  let sum = 0;
  Atomics.add(cells, i + 8, 1);
  for (let at = 4; at < n; at++) sum += cells[at] ?? 0;
  return sum;
}

/** A hand-written lock: its word is one element, what it guards are others. */
export class Ring {
  readonly #words: Int32Array;
  readonly #data: Float64Array;
  static readonly #lock = 0;
  static readonly #length = 1;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, 2);
    this.#data = new Float64Array(buffer, 8);
    this.#words[Ring.#lock] = 0;
  }

  push(value: number): void {
    while (Atomics.compareExchange(this.#words, Ring.#lock, 0, 1) !== 0) Atomics.wait(this.#words, Ring.#lock, 1);
    this.#data[this.#words[Ring.#length] ?? 0] = value;
    this.#words[Ring.#length]! += 1;
    Atomics.store(this.#words, Ring.#lock, 0);
    Atomics.notify(this.#words, Ring.#lock, 1);
  }

  get isLocked(): boolean {
    return this.#words[Ring.#lock] === 1; // want: atomic-plain-mix
  }

  #reset(): void {
    this.#words[Ring.#lock] = 0; // want: atomic-plain-mix
  }

  close(): void {
    this.#reset();
  }
}
