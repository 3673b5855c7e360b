/**
 * How many spans of each severity cover each cell, by the cells in which they begin and end: adding one costs
 * O(1), however many cells it covers, and one that has not ended yet need not be touched again.
 */
export class Coverage {
  readonly #begins: readonly Int32Array[];
  readonly #ends: readonly Int32Array[];

  /** @param severities they are numbered from 0 */
  constructor(severities: number, cells: number) {
    const counts = () => Array.from({ length: severities }, () => new Int32Array(cells));
    this.#begins = counts();
    this.#ends = counts();
  }

  begin(severity: number, cell: number): void {
    this.#begins[severity]![cell]!++;
  }

  /** @param cell the last one covered */
  end(severity: number, cell: number): void {
    this.#ends[severity]![cell]!++;
  }

  /** Takes back what `begin` was told. */
  retract(severity: number, cell: number): void {
    this.#begins[severity]![cell]!--;
  }

  clear(severity: number): void {
    this.#begins[severity]!.fill(0);
    this.#ends[severity]!.fill(0);
  }

  /** Each two cells become one. */
  halve(): void {
    for (const counts of [...this.#begins, ...this.#ends]) {
      const half = counts.length / 2;
      for (let cell = 0; cell < half; cell++) counts[cell] = counts[2 * cell]! + counts[2 * cell + 1]!;
      counts.fill(0, half);
    }
  }

  /** Raises the first `count` cells of `out` to the highest severity that covers them. */
  raise(out: Uint8Array, count: number): void {
    for (const [severity, begins] of this.#begins.entries()) {
      const ends = this.#ends[severity]!;
      let covering = 0;
      for (let cell = 0; cell < count; cell++) {
        covering += begins[cell]!;
        if (covering > 0 && severity > out[cell]!) out[cell] = severity;
        covering -= ends[cell]!;
      }
    }
  }
}
