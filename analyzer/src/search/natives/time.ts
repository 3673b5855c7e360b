import type { Machine } from "../machine.js";
import { Ref, Sym, type Value } from "../values.js";
import { offer } from "./channels.js";
import { heed, numberOf } from "./native.js";

/**
 * timer: n = when it fires, m = its period or 0; a = the promise it settles, the channel it sends on, or the
 * function it calls; b = what a function gets.
 */
export function startTimer(m: Machine, after: number, period: number, target: Value): Ref {
  const { ref, obj } = m.state.make("timer");
  obj.n = m.state.now + Math.max(after, 0);
  obj.m = period;
  obj.a = target;
  m.state.timers = [...m.state.timers, ref];
  return ref;
}

/** Whether it was still pending. */
export function stopTimer(m: Machine, timer: Value): boolean {
  const before = m.state.timers.length;
  m.state.timers = m.state.timers.filter((each) => each !== timer);
  return m.state.timers.length < before;
}

export function fire(m: Machine, timer: Ref): void {
  const { n, m: period, a } = m.state.get(timer);
  m.state.now = Math.max(m.state.now, n);
  stopTimer(m, timer);
  if (period > 0) {
    m.state.write(timer).n = n + period;
    m.state.timers = [...m.state.timers, timer];
  }
  const target = a instanceof Ref ? m.state.get(a) : undefined;
  if (target?.kind === "Promise") m.resolve(a as Ref, undefined);
  else if (target?.kind === "Channel") offer(m, a as Ref, new Sym("date"));
  else {
    const fiber = m.spawn(a, [], "timer", m.promise(), undefined);
    if (fiber !== undefined) m.urgent(fiber.id);
  }
}

export function sleep(m: Machine, ms: Value, options: Value): Value {
  const duration = numberOf(ms);
  if (duration === undefined) return m.external(undefined);
  const promise = m.waiting("sleep", []);
  if (!heed(m, promise, options)) startTimer(m, duration, 0, promise);
  return promise;
}
