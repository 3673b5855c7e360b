import type { Commons } from "./commons.js";

/** Ids come in blocks of this size. */
const BLOCK = 65_536;

/** Numbers for one sort of thing that no other thread of the program gives out. */
export class Ids {
  readonly #commons: Commons;
  #next: number;
  #left: number;

  /**
   * @param block the first block; one may serve several sorts
   * @param first where in it to begin
   */
  constructor(commons: Commons, block: number, first: number) {
    this.#commons = commons;
    this.#next = block * BLOCK + first;
    this.#left = BLOCK - first;
  }

  next(): number {
    if (this.#left === 0) {
      this.#next = this.#commons.nextBlock() * BLOCK;
      this.#left = BLOCK;
    }
    this.#left--;
    return this.#next++;
  }
}
