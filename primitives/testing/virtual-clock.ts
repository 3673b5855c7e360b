import type { Alarm, Clock, Instrument } from "../src/runtime/hooks.js";
import { plugIn } from "../src/runtime/registry.js";
import { settled } from "./turn.js";

interface Entry {
  at: number;
  fn: () => void;
  alive: boolean;
}

/** Time that passes when the test says so. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<Entry>();

  now(): number {
    return this.#now;
  }

  start(ms: number, fn: () => void): Alarm {
    const entry = { at: this.#now + ms, fn, alive: true };
    this.#alarms.add(entry);
    return {
      cancel: () => this.#alarms.delete(entry),
      hold: (alive) => {
        entry.alive = alive;
      },
    };
  }

  /** How many alarms would keep a process alive. */
  get holding(): number {
    return [...this.#alarms].filter((alarm) => alarm.alive).length;
  }

  get pending(): number {
    return this.#alarms.size;
  }

  /** Lets `ms` pass, one alarm after the other in the order of their times. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const next = [...this.#alarms].filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.delete(next);
      next.fn();
      await settled();
    }
    this.#now = end;
  }
}

/** An instrument that listens to nothing; a test adds what it is after. */
export function silentInstrument(): Instrument {
  return {
    version: 1,
    created() {},
    event() {},
    parked() {},
    readied() {},
    cancelled() {},
    spawned() {},
    began() {},
    ended() {},
  };
}

/** Runs `test` on virtual time. */
export async function withVirtualTime(test: (clock: VirtualClock) => Promise<void>): Promise<void> {
  const clock = new VirtualClock();
  plugIn({ ...silentInstrument(), clock });
  try {
    await test(clock);
  } finally {
    plugIn(null);
  }
}
