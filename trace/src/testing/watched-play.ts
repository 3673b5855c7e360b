import type { LockKind } from "../schema.js";
import type { Alarm, Thresholds } from "../watch/alarm.js";
import { Watch } from "../watch/watch.js";
import { Play } from "./play.js";

/** A play that the detectors watch from its beginning. */
export class WatchedPlay extends Play {
  readonly watch: Watch;

  constructor(options: { readonly kind?: LockKind; readonly thresholds?: Partial<Thresholds> } = {}) {
    super(options.kind);
    this.watch = new Watch(options.thresholds);
    this.watch.look(this.store, 0);
  }

  override play(text: string): this {
    super.play(text);
    return this;
  }

  look(): Alarm[] {
    return this.watch.look(this.store, this.now);
  }

  /** The texts of what is new. */
  heard(): string[] {
    return this.look().map(({ text }) => text);
  }
}
