import { Observable } from "./observable.js";

/** The instant whose state the page shows. It changes with every pixel of a scrub: throttle what is costly. */
export class TimeCursor extends Observable {
  #time: number | undefined;

  /** Milliseconds since the program's time origin; `undefined`: the present. */
  get time(): number | undefined {
    return this.#time;
  }

  set(time: number | undefined): void {
    if (time === this.#time) return;
    this.#time = time;
    this.changed();
  }
}
