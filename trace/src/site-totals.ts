/**
 * What the operations at each place have come to: columns by store-wide site number, times in milliseconds. A
 * place that is past a column's end has come to nothing. Read them, do not write.
 */
export class SiteTotals {
  /** Times a lock was taken there. */
  acquisitions = new Float64Array(64);
  /** Times a task had to wait there. */
  contended = new Float64Array(64);
  /** Ended waits. */
  totalWait = new Float64Array(64);
  maxWait = new Float64Array(64);
  /** Ended holds of what was taken there. */
  totalHold = new Float64Array(64);
  maxHold = new Float64Array(64);

  acquired(site: number): void {
    if (site >= this.acquisitions.length) this.#grow(site);
    this.acquisitions[site]!++;
  }

  blocked(site: number): void {
    if (site >= this.contended.length) this.#grow(site);
    this.contended[site]!++;
  }

  waited(site: number, time: number): void {
    if (site >= this.totalWait.length) this.#grow(site);
    this.totalWait[site]! += time;
    if (time > this.maxWait[site]!) this.maxWait[site] = time;
  }

  held(site: number, time: number): void {
    if (site >= this.totalHold.length) this.#grow(site);
    this.totalHold[site]! += time;
    if (time > this.maxHold[site]!) this.maxHold[site] = time;
  }

  /** Sites are numbered as they are defined: at most twice as much as there is use for. */
  #grow(site: number): void {
    const size = Math.max(site + 1, 2 * this.acquisitions.length);
    const grown = (old: Float64Array<ArrayBuffer>) => {
      const larger = new Float64Array(size);
      larger.set(old);
      return larger;
    };
    this.acquisitions = grown(this.acquisitions);
    this.contended = grown(this.contended);
    this.totalWait = grown(this.totalWait);
    this.maxWait = grown(this.maxWait);
    this.totalHold = grown(this.totalHold);
    this.maxHold = grown(this.maxHold);
  }
}
