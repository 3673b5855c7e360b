import { startAlarm } from "./clock.js";
import { granted } from "./granted.js";
import type { Alarm, Entry } from "./hooks.js";
import { park, ready, Waiter } from "./waiter.js";

class Sleeper extends Waiter {
  alarm: Alarm | null = null;

  constructor() {
    super(null, "sleep");
  }

  override leave(): void {
    this.alarm?.cancel();
  }
}

/** The current task stops for `ms` milliseconds; see the public `sleep`. */
export function sleepFor(ms: number, signal: AbortSignal | undefined, entry: Entry): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (!(ms > 0)) return granted;
  const sleeper = new Sleeper();
  sleeper.alarm = startAlarm(ms, () => ready(sleeper, undefined));
  return park(sleeper, signal, entry);
}

/** The current task goes to the end of the line, behind timers and input that are due. */
export function yieldTurn(entry: Entry): Promise<void> {
  const waiter = new Waiter(null, "yield");
  nextTurn(() => ready(waiter, undefined));
  return park(waiter, undefined, entry);
}

/**
 * A whole turn of the event loop, not of the microtask queue: `while (!ready) await gosched()` must let
 * timers and sockets have their say.
 */
function nextTurn(fn: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (fn: () => void) => unknown };
  if (setImmediate !== undefined) {
    setImmediate(fn);
    return;
  }
  // Browsers slow nested timers down to 4 ms; messages they do not.
  const { port1, port2 }: { port1: Port; port2: Port } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    fn();
  };
  port2.postMessage(null);
}

interface Port {
  onmessage?: ((event: never) => void) | null;
  postMessage(message: null): void;
  close(): void;
}
